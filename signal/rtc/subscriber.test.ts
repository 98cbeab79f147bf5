import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  createFakePeerConnections,
  type FakePeerConnection,
  type FakePeerConnections,
} from '../testing/fake-peer-connection';
import { FakeSignaling } from '../testing/fake-signaling';
import { idOf } from '../testing/sample-messages';
import { Subscriber } from './subscriber';

const SESSION = idOf(201);

/** As much of a received track as is looked at. */
class FakeTrack extends EventTarget {
  readonly kind = 'video';
  muted = true;
}

let signaling: FakeSignaling;
let connections: FakePeerConnections;
let subscriber: Subscriber;
let shown: MediaStream[];
let troubles: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  connections = createFakePeerConnections();
  for (const [name, value] of Object.entries(connections.globals)) vi.stubGlobal(name, value);
  signaling = new FakeSignaling();
  signaling.connect();
  shown = [];
  troubles = [];
  subscriber = new Subscriber({
    sessionId: SESSION,
    streamId: idOf(100),
    signaling,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  subscriber.on('mediaChanged', (media) => shown.push(media));
});

afterEach(() => {
  subscriber.close();
  expect(connections.open).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function offer(connection: number): Promise<void> {
  subscriber.handleSignal({
    type: 'signal',
    sessionId: SESSION,
    connectionId: idOf(connection),
    payload: { kind: 'description', description: { type: 'offer', sdp: 'v=0', negotiation: 1 } },
  });
  await vi.advanceTimersByTimeAsync(0);
}

/** A track that comes with the offer, as browsers tell it. */
function receiveTrack(connection: FakePeerConnection): { track: FakeTrack; media: MediaStream } {
  const track = new FakeTrack();
  const media = new MediaStream();
  connection.dispatchEvent(Object.assign(new Event('track'), { track, streams: [media] }));
  return { track, media };
}

/** A connection whose pictures show, and the next one before its pictures flow. */
async function replaced() {
  await offer(900);
  const first = receiveTrack(connections.latest);
  connections.latest.reach('connected');
  await offer(901);
  const later = receiveTrack(connections.latest);
  return { first, later, connection: connections.latest };
}

it('shows later media when its pictures arrive', async () => {
  const { first, later, connection } = await replaced();
  connection.reach('connected');
  expect(shown).toEqual([first.media]);
  later.track.muted = false;
  later.track.dispatchEvent(new Event('unmute'));
  expect(shown).toEqual([first.media, later.media]);
  expect(connections.open).toEqual([connection]);
});

it('shows later media without pictures a while after it is connected: there may be sound', async () => {
  const { first, later, connection } = await replaced();
  await vi.advanceTimersByTimeAsync(5_000);
  connection.reach('connected');
  await vi.advanceTimersByTimeAsync(2_999);
  expect(shown).toEqual([first.media]);
  await vi.advanceTimersByTimeAsync(1);
  expect(shown).toEqual([first.media, later.media]);
  expect(connections.open).toEqual([connection]);
});

it('does not show what was replaced or closed meanwhile', async () => {
  const { first, connection } = await replaced();
  connection.reach('connected');
  await offer(902);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(shown).toEqual([first.media]);
  receiveTrack(connections.latest);
  connections.latest.reach('connected');
  subscriber.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('takes a few connections of a phone at once, tells of a flood once, and takes the newest soon', async () => {
  for (let count = 0; count < 100; count += 1) await offer(1_000 + count);
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
  subscriber.handleSignal({
    type: 'signal',
    sessionId: SESSION,
    connectionId: idOf(1_099),
    payload: { kind: 'candidate', candidate },
  });
  expect(connections.all).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(connections.all).toHaveLength(7);
  expect(signaling.signalsOf(SESSION, 'description').at(-1)?.connectionId).toBe(idOf(1_099));
  expect(connections.latest.candidates).toMatchObject([candidate]);
  expect(troubles).toHaveLength(1);
});

it('forgets a connection that waits when it is closed', async () => {
  for (let count = 0; count < 7; count += 1) await offer(1_000 + count);
  subscriber.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections.all).toHaveLength(6);
});
