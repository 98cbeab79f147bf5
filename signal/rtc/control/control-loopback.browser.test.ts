/** Control between real peer connections, in one page: what is asked for, and what is really sent. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Viewport } from '../../protocol/control';
import { randomId } from '../../protocol/random-id';
import { FakeControlPort } from '../../testing/fake-control-port';
import { MemoryRoom, type RoomClient } from '../../testing/memory-room';
import { createMovingPicture, type MovingPicture } from '../../testing/moving-picture';
import { countOpenResources, type OpenResources } from '../../testing/open-resources';
import { Publisher } from '../publisher';
import { sampleStream } from '../stats/stream-sample';
import type { Subscriber } from '../subscriber';
import { Subscriptions } from '../subscriptions';
import { PhoneControl } from './phone-control';

const PATIENCE = { timeout: 20_000, interval: 25 };

vi.setConfig({ testTimeout: 60_000 });

const LARGE: Viewport = { width: 1280, height: 720, isVisible: true };
const SMALL: Viewport = { width: 320, height: 180, isVisible: true };
const HIDDEN: Viewport = { ...SMALL, isVisible: false };

let room: MemoryRoom;
let open: OpenResources;
let picture: MovingPicture;
let port: FakeControlPort;
let phone: RoomClient;
let publisher: Publisher;
let troubles: unknown[];
const streamId = randomId();
const closers: (() => void)[] = [];

function startPhone(): void {
  port = new FakeControlPort();
  const control = new PhoneControl(port);
  phone = room.join('streamer');
  publisher = new Publisher({
    signaling: phone,
    streamId,
    label: 'Phone',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: false, microphoneMuted: false },
    video: picture.track,
    audio: undefined,
    settings: {
      maxBitrateBps: 2_500_000,
      startBitrateBps: 2_000_000,
      maxFramerate: 30,
      degradationPreference: 'maintain-framerate',
      preferredCodec: 'video/VP8',
    },
    loadControl: () => Promise.resolve(control),
  });
  publisher.on('trouble', (trouble) => troubles.push(trouble));
  closers.push(() => {
    publisher.close();
    control.close();
  });
}

interface Desk {
  readonly client: RoomClient;
  readonly subscriptions: Subscriptions;
  readonly subscriber: Subscriber;
}

/** A desk that watches the phone, under control. */
async function startDesk(role: 'operator' | 'viewer' = 'operator'): Promise<Desk> {
  const client = room.join('viewer');
  client.role = role;
  const subscriptions = new Subscriptions({ signaling: client });
  subscriptions.on('trouble', (trouble) => troubles.push(trouble));
  closers.push(() => subscriptions.close());
  const find = (): Subscriber | undefined => subscriptions.streams[0]?.subscriber;
  await expect.poll(() => find()?.control.state, PATIENCE).toBe('ready');
  const subscriber = find();
  if (subscriber === undefined) throw new Error('The subscriber is gone');
  await expect.poll(() => widthAt(subscriber), PATIENCE).toBe(1280);
  return { client, subscriptions, subscriber };
}

async function widthAt(subscriber: Subscriber): Promise<number | undefined> {
  return sampleStream(await subscriber.getStats(), undefined, 0).sample.width;
}

interface Sent {
  readonly width: number;
  readonly height: number;
  readonly packets: number;
}

/** What the phone has sent to each desk, in the order in which they came. */
async function sent(): Promise<Sent[]> {
  const reports = await publisher.getStats();
  return reports.map((report) => {
    let found: Sent = { width: 0, height: 0, packets: 0 };
    report.forEach((entry: RTCStats & Record<string, unknown>) => {
      if (entry.type !== 'outbound-rtp' || entry['kind'] !== 'video') return;
      found = {
        width: Number(entry['frameWidth'] ?? 0),
        height: Number(entry['frameHeight'] ?? 0),
        packets: Number(entry['packetsSent'] ?? 0),
      };
    });
    return found;
  });
}

async function framesDecoded({ subscriber }: Desk): Promise<number> {
  return sampleStream(await subscriber.getStats(), undefined, 0).sample.framesDecoded ?? 0;
}

/** Waits until pictures arrive that were not there before. */
async function expectPicturesFlow(desk: Desk): Promise<void> {
  const before = await framesDecoded(desk);
  await expect.poll(() => framesDecoded(desk), PATIENCE).toBeGreaterThan(before + 5);
}

beforeEach(() => {
  room = new MemoryRoom();
  troubles = [];
  picture = createMovingPicture('red');
  open = countOpenResources();
});

afterEach(() => {
  for (const close of closers.splice(0)) close();
  const left = { connections: open.connections.length, timers: open.timers };
  open.restore();
  picture.close();
  expect(left).toEqual({ connections: 0, timers: 0 });
});

describe('quality', () => {
  it('follows the tile of one desk, and no other', async () => {
    startPhone();
    const wall = await startDesk();
    const other = await startDesk('viewer');
    wall.subscriptions.setViewport(streamId, SMALL);
    await expect.poll(() => widthAt(wall.subscriber), PATIENCE).toBe(320);
    await expect
      .poll(async () => (await sent()).map(({ width }) => width), PATIENCE)
      .toEqual([320, 1280]);
    expect(wall.subscriber.control.applied?.actual).toMatchObject({
      isActive: true,
      maxBitrateBps: 312_500,
      maxFramerate: 30,
    });
    other.subscriptions.setViewport(streamId, { ...SMALL, width: 640, height: 640 });
    await expect.poll(() => widthAt(other.subscriber), PATIENCE).toBe(640);
    expect(await widthAt(wall.subscriber)).toBe(320);
    expect(troubles).toEqual([]);
  });

  it('stops the encoder of a desk that shows nothing, and of no other', async () => {
    startPhone();
    const wall = await startDesk();
    const other = await startDesk();
    wall.subscriptions.setViewport(streamId, HIDDEN);
    await expect.poll(() => wall.subscriber.control.applied?.actual.isActive, PATIENCE).toBe(false);
    let before = -1;
    await expect
      .poll(
        async () => {
          const packets = (await sent())[0]?.packets ?? 0;
          const isStill = packets === before;
          before = packets;
          return isStill;
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBe(true);
    await expectPicturesFlow(other);
    expect((await sent())[0]?.packets).toBe(before);
    expect(wall.subscriber.state).toBe('connected');
    wall.subscriptions.setViewport(streamId, SMALL);
    await expectPicturesFlow(wall);
  });

  it('is full within a second of pictures when a tile opens large', async () => {
    startPhone();
    const desk = await startDesk();
    desk.subscriptions.setViewport(streamId, SMALL);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(320);
    // Long enough for congestion control to settle at what little is sent.
    for (let round = 0; round < 10; round += 1) await expectPicturesFlow(desk);
    const decoded = await framesDecoded(desk);
    desk.subscriptions.setViewport(streamId, LARGE);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(1280);
    expect((await framesDecoded(desk)) - decoded).toBeLessThanOrEqual(30);
    // And stays: what holds the size in the first moment has let go by then.
    for (let round = 0; round < 15; round += 1) await expectPicturesFlow(desk);
    expect(await widthAt(desk.subscriber)).toBe(1280);
  });

  it('is full from the first picture on when a hidden stream opens large', async () => {
    startPhone();
    const desk = await startDesk();
    desk.subscriptions.setViewport(streamId, SMALL);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(320);
    desk.subscriptions.setViewport(streamId, HIDDEN);
    await expect.poll(() => desk.subscriber.control.applied?.actual.isActive, PATIENCE).toBe(false);
    const decoded = await framesDecoded(desk);
    desk.subscriptions.setViewport(streamId, LARGE);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(1280);
    expect((await framesDecoded(desk)) - decoded).toBeLessThanOrEqual(30);
  });

  it('is full again after pictures that had too much detail for their bits', async () => {
    startPhone();
    const desk = await startDesk();
    desk.subscriptions.setViewport(streamId, LARGE);
    picture.content = 'storm';
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBeLessThan(1280);
    picture.content = 'busy';
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(1280);
    for (let round = 0; round < 15; round += 1) await expectPicturesFlow(desk);
    expect(await widthAt(desk.subscriber)).toBe(1280);
  });

  it('heeds another camera, without a new connection', async () => {
    startPhone();
    const desk = await startDesk();
    desk.subscriptions.setViewport(streamId, { width: 240, height: 240, isVisible: true });
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(252);
    const upright = createMovingPicture('blue', 480, 640);
    closers.push(() => upright.close());
    await publisher.replaceTrack('video', upright.track);
    await expect
      .poll(async () => (await sent()).map(({ width, height }) => `${width}x${height}`), PATIENCE)
      .toEqual(['180x240']);
    expect(open.allConnections).toHaveLength(2);
  });

  it('is told again to a connection that was made anew', async () => {
    startPhone();
    const desk = await startDesk();
    desk.subscriptions.setViewport(streamId, SMALL);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(320);
    const { sessionId } = desk.subscriber;
    await expect
      .poll(
        () => {
          const payload = { kind: 'restart', scope: 'connection' } as const;
          if (open.allConnections.length === 2)
            desk.client.send({ type: 'signal', sessionId, payload });
          return open.allConnections.length;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(4);
    await expect
      .poll(async () => (await sent()).map(({ width }) => width), PATIENCE)
      .toEqual([320]);
    await expect.poll(() => widthAt(desk.subscriber), PATIENCE).toBe(320);
    expect(desk.subscriber.control.state).toBe('ready');
  });
});

describe('telemetry and commands', () => {
  it('go over the channel', async () => {
    startPhone();
    const desk = await startDesk();
    await expect
      .poll(() => desk.subscriber.control.telemetry?.sending, PATIENCE)
      .toMatchObject({ videoCodec: 'VP8', width: 1280, captureWidth: 1280 });
    expect(await desk.subscriptions.command(streamId, { kind: 'locate' })).toMatchObject({
      ok: true,
    });
    expect(port.commands).toEqual([{ kind: 'locate' }]);
    const readings: number[] = [];
    desk.subscriber.control.on('clockPong', ({ sentAt, receivedAt, arrivedAt }) => {
      readings.push(receivedAt - sentAt, arrivedAt - receivedAt);
    });
    desk.subscriber.control.pingClock();
    await expect.poll(() => readings.length, PATIENCE).toBe(2);
    // One page has one clock.
    for (const reading of readings) expect(reading).toBeGreaterThanOrEqual(0);
  });

  it('of a hostile viewer are dropped, and an honest one sees no difference', async () => {
    const opened = vi.spyOn(RTCPeerConnection.prototype, 'createDataChannel');
    startPhone();
    const honest = await startDesk();
    const hostile = await startDesk('viewer');
    const ends = opened.mock.results.map(({ value }) => value as RTCDataChannel);
    opened.mockRestore();
    const channel = ends.at(-1);
    if (channel === undefined) throw new Error('No channel was opened');
    for (let round = 0; round < 300; round += 1) {
      channel.send('{"type":'.repeat(round));
      channel.send(new Uint8Array(1_000));
      channel.send(
        JSON.stringify({ type: 'command', requestId: randomId(), command: { kind: 'locate' } }),
      );
      channel.send(
        JSON.stringify({
          type: 'viewport',
          viewport: { width: 64 + round * 50, height: 9_000, isVisible: round % 2 === 0 },
        }),
      );
    }
    expect(await hostile.subscriptions.command(streamId, { kind: 'locate' })).toMatchObject({
      ok: false,
    });
    expect(port.commands).toEqual([]);
    await expectPicturesFlow(honest);
    expect(await widthAt(honest.subscriber)).toBe(1280);
    expect(await honest.subscriptions.command(streamId, { kind: 'locate' })).toMatchObject({
      ok: true,
    });
    expect(troubles).toEqual([]);
  });
});
