/** Attacks on who somebody is and what it may do. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Intruder, type Disguise } from './intruder';
import { Tally, type Attack, type Target } from './target';

/** How often each is tried. */
const TRIES = 40;

const randomSecret = (bytes: number): string => randomBytes(bytes).toString('base64url');

async function tryAs(target: Target, tally: Tally, disguise: Disguise): Promise<void> {
  const intruder = new Intruder(target, disguise);
  await intruder.hears('welcome');
  const isIn = intruder.heard.some(({ type }) => type === 'welcome');
  tally.add(isIn ? 'LET IN' : [...intruder.errors, await intruder.ends()].join(' and '));
  intruder.leave();
}

/** Comes in as a guest does. Where that fails, an attack from inside has not been tried. */
async function comeIn(target: Target, tally: Tally, disguise: Disguise): Promise<Intruder> {
  const intruder = new Intruder(target, disguise);
  if ((await intruder.hears('welcome')) === undefined) {
    tally.add(`STAYED OUT: ${[...intruder.errors, intruder.end ?? 'still open'].join(' and ')}`);
  }
  return intruder;
}

/** Takes the ids of the honest phone and console, with a key of its own and guessed tokens. */
export const hijackIds: Attack = async (target) => {
  const tally = new Tally();
  for (let count = 0; count < TRIES; count += 1) {
    const isPhone = count % 2 === 0;
    await tryAs(target, tally, {
      clientType: isPhone ? 'streamer' : 'viewer',
      clientId: isPhone ? target.phoneId : target.consoleId,
      key: isPhone ? target.phoneKey : target.viewerKey,
      ...(count % 4 < 2 ? {} : { resumeToken: randomSecret(24) }),
    });
  }
  return String(tally);
};

/** Comes back by tokens that have been used, and by those of another client. */
export const replayTokens: Attack = async (target) => {
  const clientId = randomUUID();
  const key = target.phoneKey;
  const tally = new Tally();
  const first = await comeIn(target, tally, { clientType: 'streamer', clientId, key });
  const used = String((await first.hears('welcome'))?.['resumeToken']);
  const itself = { clientType: 'streamer', clientId, resumeToken: used } as const;
  const second = await comeIn(target, tally, itself);
  const fresh = String((await second.hears('welcome'))?.['resumeToken']);
  second.send({ type: 'ping', sentAt: 1 });
  await second.hears('pong');
  await tryAs(target, tally, { clientType: 'streamer', clientId, resumeToken: used });
  await tryAs(target, tally, {
    clientType: 'streamer',
    clientId: target.phoneId,
    resumeToken: fresh,
  });
  await tryAs(target, tally, { clientType: 'viewer', clientId, resumeToken: fresh });
  second.send({ type: 'bye' });
  await second.ends();
  await tryAs(target, tally, { clientType: 'streamer', clientId, resumeToken: fresh });
  return String(tally);
};

/** Signals into the session between the honest phone and the console, from both sides. */
export const foreignSignals: Attack = async (target) => {
  const tally = new Tally();
  for (const clientType of ['streamer', 'viewer'] as const) {
    const key = clientType === 'streamer' ? target.phoneKey : target.viewerKey;
    const intruder = await comeIn(target, tally, { clientType, key });
    const { sessionId, streamId } = target;
    const description = { type: 'offer', sdp: 'v=0\r\n', negotiation: 99 };
    const said = [
      { type: 'signal', sessionId, payload: { kind: 'description', description } },
      { type: 'signal', sessionId, payload: { kind: 'restart', scope: 'connection' } },
      { type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } },
      { type: 'unsubscribe', sessionId },
      { type: 'unpublish', streamId },
      { type: 'update-stream', streamId, label: 'Taken over' },
    ];
    for (let round = 0; round < 20; round += 1) for (const message of said) intruder.send(message);
    intruder.send({ type: 'ping', sentAt: 1 });
    // Who talks too much is cut off; either way the server has heard it.
    if ((await intruder.hears('pong')) === undefined) tally.add(intruder.end ?? 'UNANSWERED');
    for (const id of intruder.errors) tally.add(id);
    intruder.send({ type: 'bye' });
    await intruder.ends();
  }
  return String(tally);
};

/** Commands without the role to. */
export const usurpCommand: Attack = async (target) => {
  const tally = new Tally();
  const { streamId } = target;
  const commands = [
    { kind: 'stop', streamId },
    { kind: 'mute', streamId },
    { kind: 'rename', streamId, label: 'Taken over' },
    { kind: 'remove', target: { streamId } },
    { kind: 'block', target: { clientId: target.consoleId } },
    { kind: 'set-room', isLocked: true },
    { kind: 'rotate-key', role: 'operator', evict: true },
    { kind: 'invite', role: 'operator', name: 'Mallory' },
  ];
  for (const clientType of ['streamer', 'viewer'] as const) {
    const key = clientType === 'streamer' ? target.phoneKey : target.viewerKey;
    const intruder = await comeIn(target, tally, { clientType, key });
    for (const command of commands) {
      intruder.send({ type: 'moderate', requestId: randomUUID(), command });
    }
    intruder.send({ type: 'ping', sentAt: 1 });
    await intruder.hears('pong');
    for (const id of intruder.errors) tally.add(id);
    const obeyed = intruder.heard.filter(({ type }) => type === 'done').length;
    if (obeyed > 0) tally.add('OBEYED', obeyed);
    if (intruder.errors.length + obeyed < commands.length) tally.add('UNANSWERED');
    intruder.send({ type: 'bye' });
    await intruder.ends();
  }
  return String(tally);
};

/** Connects as a page of another site does. */
export const foreignOrigin: Attack = async (target) => {
  const tally = new Tally();
  const origins = [
    'https://evil.example',
    'null',
    'file://',
    `https://${target.host}.evil.example`,
  ];
  for (const Origin of origins) {
    const disguise = { clientType: 'viewer', key: target.viewerKey, headers: { Origin } } as const;
    await tryAs(target, tally, disguise);
  }
  return String(tally);
};

/** Guesses keys, as many at once as it can. */
export const guessKeys: Attack = async (target) => {
  const tally = new Tally();
  const end = performance.now() + target.durationMs;
  const guess = async (): Promise<void> => {
    while (performance.now() < end) {
      await tryAs(target, tally, { clientType: 'viewer', key: randomSecret(16) });
    }
  };
  await Promise.all(Array.from({ length: 30 }, guess));
  return String(tally);
};
