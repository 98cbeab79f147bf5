import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createFakePeerConnections,
  type FakePeerConnections,
} from '../testing/fake-peer-connection';
import { FakeSignaling } from '../testing/fake-signaling';
import { idOf, streamOf } from '../testing/sample-messages';
import type { SubscriberState } from './subscriber';
import { Subscriptions, type WatchedStream } from './subscriptions';

const DOOR = idOf(101);
const STAGE = idOf(102);
const ROOF = idOf(103);
const WINDOW_MS = 30_000;

let signaling: FakeSignaling;
let connections: FakePeerConnections;
let subscriptions: Subscriptions;
let removed: string[];

/** The session that the test server opens for a stream. */
function sessionOf(streamId: string): string {
  return streamId.replace('0000-4000', '5555-4000');
}

function open(streamId: string, sessionId = sessionOf(streamId)): void {
  const session = { sessionId, streamId, role: 'subscriber', peerRole: 'phone' } as const;
  signaling.receive({ type: 'session-opened', session });
}

function offer(streamId: string, connectionId: string, negotiation = 1): void {
  const description = { type: 'offer', sdp: 'v=0\r\n', negotiation } as const;
  const payload = { kind: 'description', description } as const;
  signaling.receiveSignal(sessionOf(streamId), payload, connectionId);
}

/** Puts a stream on the wall, its pictures flowing. */
async function watch(streamId: string): Promise<void> {
  signaling.receive({ type: 'stream-added', stream: streamOf(streamId) });
  open(streamId);
  offer(streamId, idOf(900));
  await pass(0);
  connections.latest.reach('connected');
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function watched(streamId: string): WatchedStream {
  const stream = subscriptions.streams.find(({ info }) => info.streamId === streamId);
  if (stream === undefined) throw new Error('The stream is not watched');
  return stream;
}

function order(): string[] {
  return subscriptions.streams.map(({ info }) => info.streamId);
}

beforeEach(() => {
  vi.useFakeTimers();
  connections = createFakePeerConnections();
  for (const [name, value] of Object.entries(connections.globals)) vi.stubGlobal(name, value);
  signaling = new FakeSignaling();
  subscriptions = new Subscriptions({ signaling });
  removed = [];
  subscriptions.on('streamRemoved', ({ streamId }, reason) =>
    removed.push(`${streamId} ${reason}`),
  );
});

afterEach(() => {
  subscriptions.close();
  expect(connections.open).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('streams', () => {
  it('are watched as soon as they are known, the oldest first', () => {
    const added: string[] = [];
    subscriptions.on('streamAdded', ({ info }) => added.push(info.streamId));
    signaling.connect({
      streams: [streamOf(DOOR, { startedAt: 3_000 }), streamOf(STAGE, { startedAt: 1_000 })],
    });
    signaling.receive({ type: 'stream-added', stream: streamOf(ROOF, { startedAt: 2_000 }) });
    expect(added).toEqual([STAGE, DOOR, ROOF]);
    expect(order()).toEqual([STAGE, DOOR, ROOF]);
    expect(signaling.sentOf('subscribe').map(({ streamId }) => streamId)).toEqual(added);
  });

  it('are found also when the connection stood before', () => {
    subscriptions.close();
    signaling.connect({ streams: [streamOf(DOOR)] });
    subscriptions = new Subscriptions({ signaling });
    expect(order()).toEqual([DOOR]);
  });

  it('keep their place and their subscriber when a fact changes', async () => {
    signaling.connect();
    for (const streamId of [DOOR, STAGE, ROOF]) await watch(streamId);
    const { subscriber } = watched(DOOR);
    const changed = vi.fn();
    subscriptions.on('streamChanged', changed);
    const news = streamOf(DOOR, { connection: 'reconnecting', viewerCount: 4 });
    signaling.receive({ type: 'stream-updated', stream: news });
    expect(changed).toHaveBeenCalledExactlyOnceWith({ info: news, isListed: true, subscriber });
    expect(order()).toEqual([DOOR, STAGE, ROOF]);
    expect(signaling.sentOf('subscribe')).toHaveLength(3);
  });

  it('leave with their reason, and close', async () => {
    signaling.connect();
    await watch(DOOR);
    const { subscriber } = watched(DOOR);
    signaling.receive({ type: 'stream-removed', streamId: DOOR, reason: 'stopped' });
    expect(removed).toEqual([`${DOOR} stopped`]);
    expect(subscriber?.state).toBe('closed');
    expect(connections.open).toEqual([]);
  });
});

describe('sessions', () => {
  beforeEach(() => {
    signaling.connect();
  });

  it('answer the offers of their publisher', async () => {
    await watch(DOOR);
    expect(signaling.signalsOf(sessionOf(DOOR), 'description')).toEqual([
      {
        type: 'signal',
        sessionId: sessionOf(DOOR),
        connectionId: idOf(900),
        payload: {
          kind: 'description',
          description: { type: 'answer', sdp: 'v=0\r\ns=answer\r\n', negotiation: 1 },
        },
      },
    ]);
    expect(watched(DOOR).subscriber?.state).toBe('connected');
  });

  it('start afresh with another connection of their publisher', async () => {
    await watch(DOOR);
    const states: SubscriberState[] = [];
    watched(DOOR).subscriber?.on('stateChanged', (state) => states.push(state));
    const first = connections.latest;
    offer(DOOR, idOf(901));
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    const payload = { kind: 'candidate', candidate } as const;
    signaling.receiveSignal(sessionOf(DOOR), payload, idOf(900));
    signaling.receiveSignal(sessionOf(DOOR), payload, idOf(901));
    await pass(0);
    expect(first.isClosed).toBe(true);
    expect(first.candidates).toEqual([]);
    expect(connections.latest.candidates).toHaveLength(1);
    connections.latest.reach('connected');
    expect(states).toEqual(['reconnecting', 'connected']);
  });

  it('answer a fresh connection though the one before was in the middle of an operation', async () => {
    await watch(DOOR);
    signaling.sent = [];
    connections.latest.stall();
    offer(DOOR, idOf(900), 2);
    await pass(0);
    offer(DOOR, idOf(901));
    await pass(0);
    const answers = signaling.signalsOf(sessionOf(DOOR), 'description');
    expect(answers.map(({ connectionId }) => connectionId)).toEqual([idOf(901)]);
  });

  it('ask for a connection when no offer comes', async () => {
    signaling.receive({ type: 'stream-added', stream: streamOf(DOOR) });
    open(DOOR);
    await pass(11_000);
    expect(signaling.signalsOf(sessionOf(DOOR), 'restart')).toEqual([
      {
        type: 'signal',
        sessionId: sessionOf(DOOR),
        payload: { kind: 'restart', scope: 'connection' },
      },
    ]);
  });

  it('ask for an ICE restart when theirs failed', async () => {
    await watch(DOOR);
    connections.latest.reach('failed');
    expect(watched(DOOR).subscriber?.state).toBe('reconnecting');
    expect(signaling.signalsOf(sessionOf(DOOR), 'restart')).toEqual([
      expect.objectContaining({ payload: { kind: 'restart', scope: 'ice' } }),
    ]);
  });

  it('close when the server says so', async () => {
    await watch(DOOR);
    const { subscriber } = watched(DOOR);
    const session = { sessionId: sessionOf(DOOR), reason: 'stream-ended' } as const;
    signaling.receive({ type: 'session-closed', ...session });
    expect(subscriber?.state).toBe('closed');
    expect(watched(DOOR).subscriber).toBeUndefined();
  });

  it('replace the one before where the server opens another', async () => {
    await watch(DOOR);
    const { subscriber } = watched(DOOR);
    open(DOOR, idOf(777));
    expect(subscriber?.state).toBe('closed');
    expect(watched(DOOR).subscriber?.sessionId).toBe(idOf(777));
  });

  it('of streams that are gone are given back', () => {
    open(DOOR);
    expect(signaling.sentOf('unsubscribe')).toEqual([
      { type: 'unsubscribe', sessionId: sessionOf(DOOR) },
    ]);
  });

  it('hear nothing once closed', async () => {
    await watch(DOOR);
    const { subscriber } = watched(DOOR);
    subscriber?.close();
    signaling.sent = [];
    offer(DOOR, idOf(901));
    subscriber?.signalingReturned();
    await pass(60_000);
    expect(connections.all).toHaveLength(1);
    expect(signaling.sent).toEqual([]);
    expect(subscriber?.state).toBe('closed');
  });
});

describe('a server that comes back with its memory', () => {
  it('finds every session as it was', async () => {
    signaling.connect();
    await watch(DOOR);
    const { subscriber } = watched(DOOR);
    signaling.disconnect();
    signaling.sent = [];
    signaling.connect({
      resumed: true,
      streams: [streamOf(DOOR)],
      sessions: [
        { sessionId: sessionOf(DOOR), streamId: DOOR, role: 'subscriber', peerRole: 'phone' },
      ],
    });
    await pass(60_000);
    expect(watched(DOOR).subscriber).toBe(subscriber);
    expect(signaling.sent).toEqual([]);
  });

  it('repairs at once what broke meanwhile', async () => {
    signaling.connect();
    await watch(DOOR);
    signaling.disconnect();
    connections.latest.reach('failed');
    await pass(20_000);
    signaling.sent = [];
    signaling.connect({
      resumed: true,
      streams: [streamOf(DOOR)],
      sessions: [
        { sessionId: sessionOf(DOOR), streamId: DOOR, role: 'subscriber', peerRole: 'phone' },
      ],
    });
    expect(signaling.signalsOf(sessionOf(DOOR), 'restart')).toHaveLength(1);
  });

  it('asks again for what its lost socket swallowed', () => {
    signaling.connect({ streams: [streamOf(DOOR)] });
    signaling.disconnect();
    signaling.sent = [];
    signaling.connect({
      resumed: true,
      streams: [streamOf(DOOR)],
      sessions: [
        { sessionId: sessionOf(DOOR), streamId: DOOR, role: 'subscriber', peerRole: 'phone' },
      ],
    });
    expect(signaling.sent).toEqual([{ type: 'subscribe', streamId: DOOR }]);
  });

  it('takes streams off the wall that ended meanwhile', async () => {
    signaling.connect();
    await watch(DOOR);
    await watch(STAGE);
    signaling.disconnect();
    signaling.connect({ resumed: true, streams: [streamOf(STAGE)] });
    expect(removed).toEqual([`${DOOR} lost`]);
    expect(order()).toEqual([STAGE]);
  });
});

describe('a server without memory', () => {
  beforeEach(async () => {
    signaling.connect();
    await watch(DOOR);
    await watch(STAGE);
    signaling.disconnect();
    signaling.sent = [];
  });

  it('is told of the sessions that still flow', () => {
    const { subscriber } = watched(DOOR);
    signaling.connect({ streams: [streamOf(DOOR)] });
    expect(signaling.sent).toEqual([
      { type: 'subscribe', streamId: DOOR, sessionId: sessionOf(DOOR) },
    ]);
    signaling.receive({ type: 'stream-added', stream: streamOf(STAGE) });
    expect(signaling.sent.at(-1)).toEqual({
      type: 'subscribe',
      streamId: STAGE,
      sessionId: sessionOf(STAGE),
    });
    open(DOOR);
    expect(watched(DOOR).subscriber).toBe(subscriber);
    expect(connections.open).toHaveLength(2);
    expect(order()).toEqual([DOOR, STAGE]);
  });

  it('takes no stream off the wall whose pictures flow', async () => {
    signaling.connect();
    expect(subscriptions.streams.map(({ isListed }) => isListed)).toEqual([false, false]);
    await pass(10 * WINDOW_MS);
    expect(order()).toEqual([DOOR, STAGE]);
    expect(removed).toEqual([]);
  });

  it('loses a stream whose pictures have stopped, once its time to return is over', async () => {
    signaling.connect();
    connections.all[0]?.reach('failed');
    await pass(WINDOW_MS - 1);
    expect(removed).toEqual([]);
    await pass(1);
    expect(removed).toEqual([`${DOOR} lost`]);
    connections.all[1]?.reach('failed');
    await pass(WINDOW_MS);
    expect(removed).toEqual([`${DOOR} lost`, `${STAGE} lost`]);
    await pass(WINDOW_MS);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps a stream that returns in time, at its place', async () => {
    signaling.connect();
    connections.all[0]?.reach('failed');
    await pass(WINDOW_MS - 1);
    signaling.receive({ type: 'stream-added', stream: streamOf(DOOR) });
    open(DOOR);
    await pass(1);
    expect(removed).toEqual([]);
    expect(order()).toEqual([DOOR, STAGE]);
  });
});

describe('closing', () => {
  it('gives every session back, closes it, and stops listening', async () => {
    signaling.connect();
    await watch(DOOR);
    await watch(STAGE);
    subscriptions.close();
    subscriptions.close();
    expect(signaling.sentOf('unsubscribe').map(({ sessionId }) => sessionId)).toEqual([
      sessionOf(DOOR),
      sessionOf(STAGE),
    ]);
    expect(connections.open).toEqual([]);
    expect(signaling.listenerCount).toBe(0);
    expect(subscriptions.streams).toEqual([]);
  });

  it('holds in the middle of the event that led to it', () => {
    subscriptions.close();
    signaling.on('welcomed', () => subscriptions.close());
    subscriptions = new Subscriptions({ signaling });
    signaling.connect({ streams: [streamOf(DOOR)] });
    expect(signaling.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may come from whoever hears that a picture stopped', async () => {
    signaling.connect();
    await watch(DOOR);
    watched(DOOR).subscriber?.on('stateChanged', (state) => {
      if (state === 'reconnecting') subscriptions.close();
    });
    connections.latest.reach('failed');
    await pass(60_000);
    expect(connections.open).toEqual([]);
    expect(signaling.sentOf('signal').filter(({ payload }) => payload.kind === 'restart')).toEqual(
      [],
    );
  });
});

it('passes on what the server refused, for the log', () => {
  const trouble = vi.fn();
  subscriptions.on('trouble', trouble);
  signaling.connect();
  const error = {
    type: 'error',
    id: 'unknown-stream',
    message: 'There is no such stream.',
  } as const;
  signaling.receive(error);
  expect(trouble).toHaveBeenCalledExactlyOnceWith({ during: 'request', error });
});
