/** Attacks by those who were let in: a guest's phone, and somebody who may watch. */
import { randomUUID } from 'node:crypto';
import { Intruder } from './intruder';
import { pause, Tally, type Attack, type Target } from './target';

async function viewer(target: Target): Promise<Intruder> {
  const intruder = new Intruder(target, { clientType: 'viewer', key: target.viewerKey });
  await intruder.hears('welcome');
  return intruder;
}

async function result(intruder: Intruder, sent: number): Promise<string> {
  const tally = new Tally();
  for (const id of intruder.errors) tally.add(id);
  intruder.send({ type: 'bye' });
  await intruder.ends();
  return `${sent} sent; ${String(tally)}; ${intruder.end ?? ''}`;
}

/** A viewer that buries the honest phone in ICE candidates. */
export const floodCandidates: Attack = async (target) => {
  const intruder = await viewer(target);
  intruder.send({ type: 'subscribe', streamId: target.streamId });
  const opened = await intruder.hears('session-opened');
  const session = opened?.['session'];
  const sessionId =
    typeof session === 'object' && session !== null && 'sessionId' in session
      ? String(session.sessionId)
      : '';
  let sent = 0;
  const end = performance.now() + target.durationMs;
  while (intruder.end === undefined && performance.now() < end) {
    for (let burst = 0; burst < 5; burst += 1) {
      const address = `10.0.${sent % 250}.${sent % 199}`;
      const candidate = {
        candidate: `candidate:${sent} 1 udp 2122260223 ${address} ${1024 + (sent % 60_000)} typ host`,
        sdpMid: '0',
        sdpMLineIndex: 0,
      };
      intruder.send({ type: 'signal', sessionId, payload: { kind: 'candidate', candidate } });
      sent += 1;
    }
    await pause(30);
  }
  return result(intruder, sent);
};

/** A viewer that joins and leaves the honest stream, over and over. */
export const flutter: Attack = async (target) => {
  const intruder = await viewer(target);
  let sent = 0;
  let leftTo = 0;
  const end = performance.now() + target.durationMs;
  while (intruder.end === undefined && performance.now() < end) {
    const sessionId = randomUUID();
    intruder.send({ type: 'subscribe', streamId: target.streamId, sessionId });
    intruder.send({ type: 'unsubscribe', sessionId });
    sent += 1;
    leftTo = intruder.heard.filter(({ type }) => type === 'session-closed').length;
    await pause(5);
  }
  return `${await result(intruder, sent)}; ${leftTo} sessions opened and closed`;
};

/** A phone that puts streams on the wall and takes them off, over and over. */
export const flicker: Attack = async (target) => {
  const intruder = new Intruder(target, { clientType: 'streamer', key: target.phoneKey });
  await intruder.hears('welcome');
  let sent = 0;
  const end = performance.now() + target.durationMs;
  const capture = { state: 'active', hasAudio: false, microphoneMuted: false };
  while (intruder.end === undefined && performance.now() < end) {
    const streamId = randomUUID();
    const facts = { label: 'Flicker', device: { kind: 'phone' }, capture };
    intruder.send({ type: 'publish', streamId, ...facts });
    intruder.send({ type: 'unpublish', streamId });
    sent += 1;
    await pause(20);
  }
  return result(intruder, sent);
};

/** A viewer that is sent more than it reads, by a phone that is in league with it. */
export const slowReader: Attack = async (target) => {
  const phone = new Intruder(target, { clientType: 'streamer', key: target.phoneKey });
  await phone.hears('welcome');
  const streamId = randomUUID();
  const capture = { state: 'active', hasAudio: false, microphoneMuted: false };
  const facts = { label: 'In league', device: { kind: 'phone' }, capture };
  phone.send({ type: 'publish', streamId, ...facts });
  await phone.hears('stream-added');
  const reader = await viewer(target);
  const sessionId = randomUUID();
  reader.send({ type: 'subscribe', streamId, sessionId });
  await reader.hears('session-opened');
  reader.socket.pause();
  const description = { type: 'offer', sdp: 'x'.repeat(56_000), negotiation: 1 };
  const end = performance.now() + target.durationMs * 3;
  let sent = 0;
  const isClosed = (): boolean => phone.heard.some(({ type }) => type === 'session-closed');
  while (phone.end === undefined && performance.now() < end && !isClosed()) {
    phone.send({ type: 'signal', sessionId, payload: { kind: 'description', description } });
    sent += 1;
    // As much as a client may send for ever.
    await pause(sent < 60 ? 5 : 75);
  }
  reader.socket.resume();
  const howItEnded = await reader.ends();
  reader.leave();
  return `${await result(phone, sent)}; the reader: ${howItEnded}`;
};
