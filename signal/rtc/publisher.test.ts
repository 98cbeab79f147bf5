import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionInfo } from '../protocol/messages';
import {
  createFakePeerConnections,
  FakeTransceiver,
  type FakePeerConnections,
} from '../testing/fake-peer-connection';
import { FakeSignaling } from '../testing/fake-signaling';
import { idOf, streamOf } from '../testing/sample-messages';
import { Publisher, type PublisherOptions } from './publisher';
import type { VideoSendSettings } from './publisher-session';

const SETTINGS: VideoSendSettings = {
  maxBitrateBps: 2_500_000,
  startBitrateBps: 2_000_000,
  maxFramerate: 30,
  degradationPreference: 'balanced',
  preferredCodec: 'video/VP8',
};
const STREAM = idOf(100);
const SESSION = idOf(201);
const OTHER_SESSION = idOf(202);

let signaling: FakeSignaling;
let connections: FakePeerConnections;
let publisher: Publisher;

function createPublisher(options: Partial<PublisherOptions> = {}): Publisher {
  return new Publisher({
    signaling,
    streamId: STREAM,
    label: 'Door',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    video: undefined,
    audio: undefined,
    settings: SETTINGS,
    ...options,
  });
}

function session(sessionId: string): SessionInfo {
  return { sessionId, streamId: STREAM, role: 'publisher', peerRole: 'operator' };
}

function openSession(sessionId: string): void {
  signaling.receive({ type: 'session-opened', session: session(sessionId) });
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Opens a session and answers its offer. */
async function connectSession(sessionId: string): Promise<string> {
  openSession(sessionId);
  await pass(0);
  const connectionId = latestConnectionId(sessionId);
  answer(sessionId, connectionId, 1);
  await pass(0);
  connections.latest.reach('connected');
  return connectionId;
}

function latestConnectionId(sessionId: string): string {
  const { connectionId } = signaling.signalsOf(sessionId, 'description').at(-1) ?? {};
  if (connectionId === undefined) throw new Error('No offer was sent');
  return connectionId;
}

function answer(sessionId: string, connectionId: string, negotiation: number): void {
  const description = { type: 'answer', sdp: 'v=0\r\n', negotiation } as const;
  signaling.receiveSignal(sessionId, { kind: 'description', description }, connectionId);
}

beforeEach(() => {
  vi.useFakeTimers();
  connections = createFakePeerConnections();
  for (const [name, value] of Object.entries(connections.globals)) vi.stubGlobal(name, value);
  signaling = new FakeSignaling();
  publisher = createPublisher();
});

afterEach(() => {
  publisher.close();
  expect(connections.open).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('publishing', () => {
  it('happens at every welcome, with the facts and the age of then', async () => {
    signaling.connect();
    expect(signaling.sent).toEqual([
      expect.objectContaining({ type: 'publish', streamId: STREAM, label: 'Door', liveForMs: 0 }),
    ]);
    publisher.update({ label: 'Stage' });
    expect(signaling.sentOf('update-stream')).toEqual([
      { type: 'update-stream', streamId: STREAM, label: 'Stage' },
    ]);
    signaling.disconnect();
    publisher.update({ capture: { state: 'hidden', hasAudio: true, microphoneMuted: true } });
    await pass(5_000);
    signaling.sent = [];
    signaling.connect({ resumed: true });
    expect(signaling.sent).toEqual([
      expect.objectContaining({
        type: 'publish',
        label: 'Stage',
        capture: { state: 'hidden', hasAudio: true, microphoneMuted: true },
        liveForMs: 5_000,
      }),
    ]);
  });

  it('happens at once where there is a connection already', () => {
    signaling.connect();
    signaling.sent = [];
    const second = createPublisher({ streamId: idOf(101), liveSinceMs: Date.now() - 60_000 });
    expect(signaling.sentOf('publish')).toEqual([
      expect.objectContaining({ streamId: idOf(101), liveForMs: 60_000 }),
    ]);
    second.close();
  });

  it('is confirmed by the server, anew for each connection', () => {
    const changes: boolean[] = [];
    publisher.on('publishedChanged', (isOnWall) => changes.push(isOnWall));
    signaling.connect();
    expect(publisher.isOnWall).toBe(false);
    signaling.receive({ type: 'stream-added', stream: streamOf(idOf(999)) });
    expect(publisher.isOnWall).toBe(false);
    signaling.receive({ type: 'stream-added', stream: streamOf(STREAM) });
    expect(publisher.isOnWall).toBe(true);
    signaling.disconnect();
    expect(publisher.isOnWall).toBe(false);
    signaling.connect({ resumed: true });
    signaling.receive({ type: 'stream-updated', stream: streamOf(STREAM) });
    expect(changes).toEqual([true, false, true]);
  });

  it('counts its viewers as the server does', () => {
    const counts: number[] = [];
    publisher.on('viewerCountChanged', (count) => counts.push(count));
    signaling.connect();
    for (const viewerCount of [0, 1, 1, 3]) {
      signaling.receive({ type: 'stream-updated', stream: streamOf(STREAM, { viewerCount }) });
    }
    expect(counts).toEqual([1, 3]);
    expect(publisher.viewerCount).toBe(3);
  });

  it('is tried again where there was no place for it, at once on a wish, until there is', async () => {
    signaling.connect();
    const refuse = (): void => {
      const message = 'The server carries no more streams.';
      signaling.receive({ type: 'error', id: 'too-many-streams', message, answers: 'publish' });
    };
    const asked = (): number => signaling.sentOf('publish').length;
    refuse();
    expect(publisher.isPutOff).toBe(true);
    await pass(9_999);
    expect(asked()).toBe(1);
    await pass(1);
    expect(asked()).toBe(2);
    refuse();
    await pass(19_999);
    expect(asked()).toBe(2);
    await pass(1);
    refuse();
    publisher.publish();
    expect(asked()).toBe(4);
    refuse();
    signaling.disconnect();
    signaling.connect({ resumed: true });
    signaling.receive({ type: 'stream-added', stream: streamOf(STREAM) });
    expect(publisher.isPutOff).toBe(false);
    await pass(120_000);
    expect(asked()).toBe(5);
    refuse();
    await pass(10_000);
    expect(asked()).toBe(6);
    refuse();
    publisher.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells an age from when the clock was restarted', async () => {
    signaling.connect();
    await pass(60_000);
    publisher.restartClock(Date.now());
    await pass(5_000);
    signaling.disconnect();
    signaling.connect();
    expect(signaling.sentOf('publish').at(-1)).toMatchObject({ liveForMs: 5_000 });
  });

  it('tells of a refusal', () => {
    const refused = vi.fn();
    publisher.on('refused', refused);
    signaling.connect();
    const error = {
      type: 'error',
      id: 'already-publishing',
      message: 'Stop the present stream before the next.',
      answers: 'publish',
    } as const;
    signaling.receive(error);
    signaling.receive({ ...error, answers: 'update-stream' });
    expect(refused).toHaveBeenCalledExactlyOnceWith(error);
  });
});

describe('sessions', () => {
  beforeEach(() => {
    signaling.connect();
  });

  it('get one connection each, which offers', async () => {
    openSession(SESSION);
    openSession(OTHER_SESSION);
    await pass(0);
    expect(connections.open).toHaveLength(2);
    for (const sessionId of [SESSION, OTHER_SESSION]) {
      expect(signaling.signalsOf(sessionId, 'description')).toEqual([
        expect.objectContaining({
          payload: {
            kind: 'description',
            description: expect.objectContaining({ type: 'offer', negotiation: 1 }) as unknown,
          },
        }),
      ]);
    }
  });

  it('prefer the codec of this device', async () => {
    await connectSession(SESSION);
    const [, video] = connections.latest.transceivers;
    expect(video?.codecs.map(({ mimeType }) => mimeType)).toEqual(['video/VP8', 'video/VP9']);
  });

  it('send the full picture first, and trade size for smoothness only later', async () => {
    await connectSession(SESSION);
    const [, video] = connections.latest.transceivers;
    expect(video?.preferences).toEqual(['maintain-resolution']);
    await pass(999);
    expect(video?.preferences).toEqual(['maintain-resolution']);
    await pass(1);
    expect(video?.preferences).toEqual(['maintain-resolution', 'balanced']);
    connections.latest.reach('disconnected');
    connections.latest.reach('connected');
    await pass(5_000);
    expect(video?.preferences).toHaveLength(2);
  });

  it('begin all the same where the browser refuses the order of codecs', async () => {
    const trouble = vi.fn();
    publisher.on('trouble', trouble);
    const error = new DOMException('Not what it receives', 'InvalidModificationError');
    vi.spyOn(FakeTransceiver.prototype, 'setCodecPreferences').mockImplementationOnce(() => {
      throw error;
    });
    openSession(SESSION);
    await pass(0);
    expect(trouble).toHaveBeenCalledExactlyOnceWith({ during: 'parameters', error });
    expect(signaling.signalsOf(SESSION, 'description')).toHaveLength(1);
  });

  it('close when the server says so, and when it does not know them', async () => {
    await connectSession(SESSION);
    await connectSession(OTHER_SESSION);
    signaling.receive({ type: 'session-closed', sessionId: SESSION, reason: 'viewer-left' });
    expect(connections.open).toHaveLength(1);
    signaling.receive({
      type: 'error',
      id: 'unknown-session',
      message: 'There is no such session.',
      answers: 'signal',
      sessionId: OTHER_SESSION,
    });
    expect(connections.open).toEqual([]);
  });

  it('of other streams are none of its business', async () => {
    signaling.receive({
      type: 'session-opened',
      session: { sessionId: SESSION, streamId: idOf(999), role: 'publisher', peerRole: 'operator' },
    });
    await pass(0);
    expect(connections.all).toEqual([]);
  });

  it('go on over an outage in which nothing of theirs changed', async () => {
    await connectSession(SESSION);
    signaling.disconnect();
    await pass(20_000);
    signaling.sent = [];
    signaling.connect({ resumed: true, sessions: [session(SESSION)] });
    openSession(SESSION);
    await pass(20_000);
    expect(connections.all).toHaveLength(1);
    expect(signaling.sentOf('signal')).toEqual([]);
  });

  it('that ended during an outage are closed at a resume', async () => {
    await connectSession(SESSION);
    await connectSession(OTHER_SESSION);
    signaling.disconnect();
    signaling.connect({ resumed: true, sessions: [session(OTHER_SESSION)] });
    expect(connections.all.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('outlive a server that lost its memory', async () => {
    await connectSession(SESSION);
    signaling.disconnect();
    signaling.connect({ resumed: false });
    openSession(SESSION);
    await pass(0);
    expect(connections.open).toHaveLength(1);
    expect(connections.all).toHaveLength(1);
  });

  it('that broke during an outage restart ICE at its end', async () => {
    await connectSession(SESSION);
    signaling.disconnect();
    connections.latest.reach('failed');
    await pass(20_000);
    signaling.sent = [];
    signaling.connect({ resumed: true, sessions: [session(SESSION)] });
    openSession(SESSION);
    await pass(0);
    expect(connections.latest.offers.at(-1)).toEqual({ iceRestart: true });
    expect(signaling.signalsOf(SESSION, 'description')).toHaveLength(1);
  });

  it('send their offer again where the answer was lost in an outage', async () => {
    const connectionId = await connectSession(SESSION);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'ice' }, connectionId);
    await pass(0);
    signaling.disconnect();
    signaling.sent = [];
    signaling.connect({ resumed: true, sessions: [session(SESSION)] });
    openSession(SESSION);
    await pass(0);
    const [offer] = signaling.signalsOf(SESSION, 'description');
    expect(offer?.payload).toMatchObject({ description: { type: 'offer', negotiation: 2 } });
    expect(connections.latest.offers).toHaveLength(2);
  });
});

describe('negotiation', () => {
  beforeEach(() => {
    signaling.connect();
  });

  it('drops answers and candidates of another connection, and late answers', async () => {
    openSession(SESSION);
    await pass(0);
    const connectionId = latestConnectionId(SESSION);
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    answer(SESSION, idOf(999), 1);
    answer(SESSION, connectionId, 7);
    signaling.receiveSignal(SESSION, { kind: 'candidate', candidate }, idOf(999));
    await pass(0);
    expect(connections.latest.remoteDescription).toBeNull();
    answer(SESSION, connectionId, 1);
    signaling.receiveSignal(SESSION, { kind: 'candidate', candidate }, connectionId);
    await pass(0);
    expect(connections.latest.signalingState).toBe('stable');
    expect(connections.latest.candidates).toHaveLength(1);
    const before = connections.latest.remoteDescription;
    answer(SESSION, connectionId, 1);
    await pass(0);
    expect(connections.latest.remoteDescription).toBe(before);
  });

  it('offers a fresh connection though the one before was in the middle of an operation', async () => {
    openSession(SESSION);
    await pass(0);
    const first = connections.latest;
    await pass(4_000);
    first.stall();
    answer(SESSION, latestConnectionId(SESSION), 1);
    await pass(0);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'connection' });
    signaling.sent = [];
    await pass(0);
    expect(first.isClosed).toBe(true);
    expect(connections.open).toHaveLength(1);
    expect(signaling.signalsOf(SESSION, 'description')).toHaveLength(1);
  });

  it('rebuilds when asked, but not a connection that is young', async () => {
    await connectSession(SESSION);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'connection' });
    await pass(0);
    expect(connections.all).toHaveLength(1);
    await pass(3_000);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'connection' });
    await pass(0);
    expect(connections.all).toHaveLength(2);
    expect(connections.open).toHaveLength(1);
  });

  it('restarts ICE once where both ends wish it at the same time', async () => {
    const connectionId = await connectSession(SESSION);
    await pass(5_000);
    connections.latest.reach('failed');
    await pass(0);
    answer(SESSION, connectionId, 2);
    await pass(0);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'ice' }, connectionId);
    await pass(0);
    expect(connections.latest.offers).toEqual([{}, { iceRestart: true }]);
  });

  it('repeats an offer that a returning viewer was not there to hear', async () => {
    const connectionId = await connectSession(SESSION);
    await pass(5_000);
    connections.latest.reach('failed');
    await pass(1_000);
    signaling.sent = [];
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'ice' }, connectionId);
    await pass(0);
    const [offer] = signaling.signalsOf(SESSION, 'description');
    expect(offer?.payload).toMatchObject({ description: { type: 'offer', negotiation: 2 } });
    expect(connections.latest.offers).toHaveLength(2);
  });
});

describe('tracks', () => {
  const front = new EventTarget() as MediaStreamTrack;
  const back = new EventTarget() as MediaStreamTrack;

  it('are replaced in every session, and used by later ones', async () => {
    publisher.close();
    publisher = createPublisher({ video: front });
    signaling.connect();
    await connectSession(SESSION);
    await connectSession(OTHER_SESSION);
    signaling.sent = [];
    await publisher.replaceTrack('video', back);
    const [first, second] = connections.all;
    expect([first, second].map((c) => c?.transceivers[1]?.track)).toEqual([back, back]);
    expect(signaling.sent).toEqual([]);
    openSession(idOf(203));
    expect(connections.latest.transceivers[1]?.track).toBe(back);
  });

  it('are replaced though a connection is rebuilt in that moment', async () => {
    signaling.connect();
    const connectionId = await connectSession(SESSION);
    await pass(5_000);
    const replaced = publisher.replaceTrack('video', back);
    signaling.receiveSignal(SESSION, { kind: 'restart', scope: 'connection' }, connectionId);
    await expect(replaced).resolves.toBeUndefined();
    expect(connections.latest.transceivers[1]?.track).toBe(back);
  });
});

describe('closing', () => {
  it('unpublishes, closes every connection, and stops listening', async () => {
    signaling.connect();
    await connectSession(SESSION);
    publisher.close();
    publisher.close();
    expect(signaling.sentOf('unpublish')).toHaveLength(1);
    expect(signaling.listenerCount).toBe(0);
    expect(connections.open).toEqual([]);
    signaling.sent = [];
    publisher.update({ label: 'Late' });
    expect(signaling.sent).toEqual([]);
  });

  it('holds in the middle of the event that led to it', () => {
    publisher.close();
    signaling.on('welcomed', () => publisher.close());
    publisher = createPublisher();
    signaling.connect();
    expect(signaling.sentOf('publish')).toEqual([]);
    openSession(SESSION);
    expect(connections.all).toEqual([]);
  });

  it('takes the stream off the wall once signaling returns', () => {
    signaling.connect();
    signaling.disconnect();
    publisher.close();
    signaling.sent = [];
    signaling.connect({ resumed: true, streams: [streamOf(STREAM)] });
    expect(signaling.sent).toEqual([{ type: 'unpublish', streamId: STREAM }]);
    expect(signaling.listenerCount).toBe(0);
  });

  it('takes it out of the lobby too, where no list shows it', () => {
    signaling.connect();
    signaling.disconnect();
    publisher.close();
    signaling.sent = [];
    signaling.connect({ resumed: true, streams: [] });
    expect(signaling.sent).toEqual([{ type: 'unpublish', streamId: STREAM }]);
  });

  it('leaves a server alone that has forgotten the stream anyway', () => {
    signaling.connect();
    signaling.disconnect();
    publisher.close();
    signaling.sent = [];
    signaling.connect();
    expect(signaling.sent).toEqual([]);
    expect(signaling.listenerCount).toBe(0);
  });
});
