/** Publishers and subscriptions joined by real peer connections, in one page. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalMessage } from '../protocol/messages';
import { randomId } from '../protocol/random-id';
import { MemoryRoom, type RoomClient } from '../testing/memory-room';
import {
  colorOf,
  createMovingPicture,
  firstPictureSize,
  showMedia,
  type MovingPicture,
} from '../testing/moving-picture';
import { countOpenResources, type OpenResources } from '../testing/open-resources';
import { Publisher } from './publisher';
import type { SessionTrouble, VideoSendSettings } from './publisher-session';
import { sampleStream } from './stats/stream-sample';
import type { Subscriber } from './subscriber';
import { Subscriptions } from './subscriptions';

/** Real media takes its time on a loaded machine; every wait below is for a condition. */
const PATIENCE = { timeout: 20_000, interval: 50 };

// Longer than any one wait, so that a wait that fails says which it was.
vi.setConfig({ testTimeout: 45_000 });

const SETTINGS: VideoSendSettings = {
  maxBitrateBps: 2_500_000,
  startBitrateBps: 2_000_000,
  maxFramerate: 30,
  degradationPreference: 'maintain-framerate',
  preferredCodec: 'video/VP8',
};

let room: MemoryRoom;
let open: OpenResources;
let troubles: (SessionTrouble | { readonly during: 'request' })[];
const pictures: MovingPicture[] = [];
const closers: (() => void)[] = [];

interface Phone {
  readonly client: RoomClient;
  readonly publisher: Publisher;
  readonly streamId: string;
}

interface Desk {
  readonly client: RoomClient;
  readonly subscriptions: Subscriptions;
}

function draw(color: string): MediaStreamTrack {
  const picture = createMovingPicture(color);
  pictures.push(picture);
  return picture.track;
}

function startPhone(
  video: MediaStreamTrack,
  { client, streamId }: Pick<Phone, 'client' | 'streamId'> = {
    client: room.join('streamer'),
    streamId: randomId(),
  },
): Phone {
  const publisher = new Publisher({
    signaling: client,
    streamId,
    label: 'Phone',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: false, microphoneMuted: false },
    video,
    audio: undefined,
    settings: SETTINGS,
  });
  publisher.on('trouble', (trouble) => troubles.push(trouble));
  closers.push(() => publisher.close());
  return { client, publisher, streamId };
}

function startDesk(): Desk {
  const client = room.join('viewer');
  const subscriptions = new Subscriptions({ signaling: client });
  subscriptions.on('trouble', (trouble) => troubles.push(trouble));
  closers.push(() => subscriptions.close());
  return { client, subscriptions };
}

/** The desk's subscriber of a stream, once there is media to show. */
async function subscriberOf(desk: Desk, phone: Phone): Promise<Subscriber> {
  const find = (): Subscriber | undefined =>
    desk.subscriptions.streams.find(({ info }) => info.streamId === phone.streamId)?.subscriber;
  await expect.poll(() => find()?.media, PATIENCE).toBeDefined();
  const subscriber = find();
  if (subscriber === undefined) throw new Error('The subscriber is gone');
  return subscriber;
}

function show(subscriber: Subscriber): HTMLVideoElement {
  if (subscriber.media === undefined) throw new Error('There is nothing to show');
  const video = showMedia(subscriber.media);
  closers.push(() => video.remove());
  return video;
}

async function framesDecoded(subscriber: Subscriber): Promise<number> {
  const { sample } = sampleStream(await subscriber.getStats(), undefined, 0);
  return sample.framesDecoded ?? 0;
}

/** Waits until frames that were not there before are decoded. */
async function expectPicturesFlow(subscriber: Subscriber, atLeast = 5): Promise<void> {
  const before = await framesDecoded(subscriber);
  await expect
    .poll(() => framesDecoded(subscriber), PATIENCE)
    .toBeGreaterThanOrEqual(before + atLeast);
}

function offers(): SignalMessage[] {
  return room.signals.filter(
    ({ payload }) => payload.kind === 'description' && payload.description.type === 'offer',
  );
}

function answersTo(connectionId: string): SignalMessage[] {
  return room.signals.filter(
    ({ connectionId: of, payload }) =>
      of === connectionId &&
      payload.kind === 'description' &&
      payload.description.type === 'answer',
  );
}

/** The connection at one end of the only session. */
function connectionOf(end: 'phone' | 'desk'): RTCPeerConnection {
  const found = open.connections.find((connection) =>
    connection
      .getTransceivers()
      .some(({ direction }) => (direction === 'sendonly') === (end === 'phone')),
  );
  if (found === undefined) throw new Error(`The ${end} has no connection`);
  return found;
}

beforeEach(() => {
  room = new MemoryRoom();
  troubles = [];
});

afterEach(() => {
  for (const close of closers.splice(0)) close();
  for (const picture of pictures.splice(0)) picture.close();
  // Whatever a test did: closed ends hold no connection and no timer.
  const left = { connections: open.connections.length, timers: open.timers };
  open.restore();
  expect(left).toEqual({ connections: 0, timers: 0 });
});

/** Counts what is made from here on; what draws the pictures is made before. */
function count(): void {
  open = countOpenResources();
}

describe('a phone and a desk', () => {
  it('show the full picture first, and then moving ones', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    const element = show(subscriber);
    expect(await firstPictureSize(element)).toEqual({ width: 1280, height: 720 });
    await expectPicturesFlow(subscriber);
    expect(subscriber.state).toBe('connected');
    expect(colorOf(element)).toBe('red');
    await expect
      .poll(() => {
        const [sender] = connectionOf('phone').getSenders().slice(-1);
        return sender?.getParameters().degradationPreference;
      }, PATIENCE)
      .toBe('maintain-framerate');
    expect(phone.publisher.viewerCount).toBe(1);
    expect(await phone.publisher.getStats()).toHaveLength(1);
    expect(troubles).toEqual([]);
  });

  it('serve a second desk by a connection of its own', async () => {
    const video = draw('green');
    count();
    const phone = startPhone(video);
    const desks = [startDesk(), startDesk()];
    for (const desk of desks) {
      const subscriber = await subscriberOf(desk, phone);
      await expectPicturesFlow(subscriber);
    }
    expect(open.connections).toHaveLength(4);
    expect(phone.publisher.viewerCount).toBe(2);
    desks[0]?.subscriptions.close();
    await expect.poll(() => phone.publisher.viewerCount, PATIENCE).toBe(1);
    expect(open.connections).toHaveLength(2);
    await expectPicturesFlow(await subscriberOf(desks[1]!, phone));
  });

  it('take another camera without a new connection', async () => {
    const front = draw('red');
    const back = draw('blue');
    count();
    const phone = startPhone(front);
    const subscriber = await subscriberOf(startDesk(), phone);
    const element = show(subscriber);
    await expect.poll(() => colorOf(element), PATIENCE).toBe('red');
    const offered = offers().length;
    await phone.publisher.replaceTrack('video', back);
    await expect.poll(() => colorOf(element), PATIENCE).toBe('blue');
    expect(offers()).toHaveLength(offered);
    expect(open.allConnections).toHaveLength(2);
    expect(subscriber.state).toBe('connected');
  });

  it('close every connection at both ends when the phone stops', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    phone.publisher.close();
    await expect.poll(() => desk.subscriptions.streams, PATIENCE).toEqual([]);
    expect(subscriber.state).toBe('closed');
    expect(open.connections).toEqual([]);
    expect(open.allConnections).toHaveLength(2);
    expect(video.readyState).toBe('live');
  });
});

describe('a server that goes and comes back', () => {
  it('with its memory finds pictures that never stopped', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    phone.client.disconnect();
    desk.client.disconnect();
    await expectPicturesFlow(subscriber);
    phone.client.connect();
    desk.client.connect();
    await expectPicturesFlow(subscriber);
    expect(await subscriberOf(desk, phone)).toBe(subscriber);
    expect(open.allConnections).toHaveLength(2);
    expect(offers()).toHaveLength(1);
  });

  it('without memory is told of the session, and counts its viewer again', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    room.forget();
    desk.client.connect();
    await expect.poll(() => desk.subscriptions.streams[0]?.isListed, PATIENCE).toBe(false);
    await expectPicturesFlow(subscriber);
    phone.client.connect();
    await expect.poll(() => room.viewerCount(phone.streamId), PATIENCE).toBe(1);
    await expect.poll(() => phone.publisher.viewerCount, PATIENCE).toBe(1);
    await expectPicturesFlow(subscriber);
    expect(await subscriberOf(desk, phone)).toBe(subscriber);
    expect(open.allConnections).toHaveLength(2);
    phone.publisher.close();
    await expect.poll(() => desk.subscriptions.streams, PATIENCE).toEqual([]);
    expect(open.connections).toEqual([]);
  });
});

describe('repairs', () => {
  it('restart ICE on the same connection, pictures going on', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    const fragment = /a=ice-ufrag:\S+/u;
    const before = fragment.exec(connectionOf('phone').localDescription?.sdp ?? '')?.[0];
    const { sessionId } = subscriber;
    desk.client.send({ type: 'signal', sessionId, payload: { kind: 'restart', scope: 'ice' } });
    await expect
      .poll(() => {
        const { localDescription, signalingState } = connectionOf('phone');
        const now = fragment.exec(localDescription?.sdp ?? '')?.[0];
        return signalingState === 'stable' && now !== before;
      }, PATIENCE)
      .toBe(true);
    await expect.poll(() => connectionOf('desk').connectionState, PATIENCE).toBe('connected');
    await expectPicturesFlow(subscriber);
    expect(open.allConnections).toHaveLength(2);
    expect(troubles).toEqual([]);
  });

  it('rebuild a connection whose offer was lost, and show its pictures', async () => {
    const video = draw('green');
    count();
    let lost = 0;
    room.losesSignal = ({ payload }) => {
      if (payload.kind !== 'description' || lost > 0) return false;
      lost += 1;
      return true;
    };
    const phone = startPhone(video);
    const desk = startDesk();
    // Eight seconds of patience pass before the phone makes a second connection.
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    expect(lost).toBe(1);
    expect(new Set(offers().map(({ connectionId }) => connectionId)).size).toBe(2);
    expect(open.connections).toHaveLength(2);
  });

  it('answer the newest offer though the one before was still being applied', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    await expectPicturesFlow(await subscriberOf(desk, phone));
    const [offer] = offers();
    if (offer === undefined) throw new Error('Nothing was offered');
    const newest = randomId();
    const applying = vi.spyOn(RTCPeerConnection.prototype, 'setRemoteDescription');
    phone.client.send({ ...offer, connectionId: randomId() });
    // Not a moment longer than until it has begun: it takes some milliseconds.
    while (applying.mock.calls.length === 0) await Promise.resolve();
    applying.mockRestore();
    phone.client.send({ ...offer, connectionId: newest });
    await expect.poll(() => answersTo(newest), PATIENCE).toHaveLength(1);
  });

  it('replace the media, not the session, when a phone is reloaded', async () => {
    const first = draw('red');
    const second = draw('blue');
    count();
    const phone = startPhone(first);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    const element = show(subscriber);
    await expect.poll(() => colorOf(element), PATIENCE).toBe('red');
    const [shown] = subscriber.media?.getVideoTracks() ?? [];
    const shownUntilThen: (MediaStreamTrackState | undefined)[] = [];
    const media: MediaStream[] = [];
    subscriber.on('mediaChanged', (changed) => {
      media.push(changed);
      // Ended, it would have turned the tile black.
      shownUntilThen.push(shown?.readyState);
    });
    // Without signaling the old page's publisher can tell nobody that it goes.
    phone.client.disconnect();
    phone.publisher.close();
    phone.client.reload();
    startPhone(second, phone);
    phone.client.connect();
    await expect.poll(() => media.length, PATIENCE).toBe(1);
    expect(shownUntilThen).toEqual(['live']);
    element.srcObject = media[0] ?? null;
    await expect.poll(() => colorOf(element), PATIENCE).toBe('blue');
    expect(subscriber.state).toBe('connected');
    expect(desk.subscriptions.streams[0]?.subscriber).toBe(subscriber);
    expect(open.connections).toHaveLength(2);
  });
});

describe('what is out of date', () => {
  it('is dropped: answers and candidates of another connection or an earlier offer', async () => {
    const video = draw('red');
    count();
    const phone = startPhone(video);
    const desk = startDesk();
    const subscriber = await subscriberOf(desk, phone);
    await expectPicturesFlow(subscriber);
    const answer = room.signals.find(
      ({ payload }) => payload.kind === 'description' && payload.description.type === 'answer',
    );
    const candidate = room.signals.find(({ payload }) => payload.kind === 'candidate');
    if (answer === undefined || candidate === undefined) throw new Error('Nothing was signaled');
    const before = connectionOf('phone').remoteDescription?.sdp;
    desk.client.send(answer);
    desk.client.send({ ...answer, connectionId: randomId() });
    phone.client.send({ ...candidate, connectionId: randomId() });
    desk.client.send({ ...candidate, connectionId: randomId() });
    await expectPicturesFlow(subscriber, 10);
    expect(connectionOf('phone').remoteDescription?.sdp).toBe(before);
    expect(subscriber.state).toBe('connected');
    expect(troubles).toEqual([]);
  });
});
