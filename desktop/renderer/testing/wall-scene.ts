/**
 * A crowded wall without a network: pictures that move, sounds, figures and chosen troubles. It is
 * what layout is judged by, since the browser alone knows what is cut.
 */
import { expect } from 'vitest';
import type { Telemetry } from '../../../signal/protocol/control-reports';
import type { StreamInfo } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import App from '../App.vue';
import { FakeSubscriber, movingSample, streamInfo } from './fake-streams';
import { goLive, mountConsole, type MountedConsole } from './mount-console';

/** Names as people give them, the longest ones among the first. */
const LABELS = ['Stage left', 'Balcony, second row', 'Anna’s Pixel 7', 'Drums', 'Galaxy S21 Ultra'];

/** Shapes of pictures: most phones are held level, some upright. */
const SIZES: readonly (readonly [width: number, height: number])[] = [
  [1280, 720],
  [1280, 720],
  [720, 1280],
  [1280, 720],
  [960, 720],
];

/** One trouble in turn; the others are well. */
const TROUBLES: readonly Partial<StreamSample>[] = [
  {},
  { packetsLostRatio: 0.12, isRelayed: true },
  { framesPerSecond: 6 },
  {},
  { isPictureMoving: false, pictureStoppedForMs: 8_000, framesPerSecond: 0 },
  {},
  {},
];

/** A phone that tells of itself and is heard. */
export class SceneSubscriber extends FakeSubscriber {
  readonly control: { readonly telemetry: Telemetry };
  readonly #soundLevel: number;

  constructor(index: number) {
    super();
    const sending = {
      framesPerSecond: 30,
      videoBitrateBps: 2_000_000,
      encodeMs: 6,
      sendDelayMs: 2,
    };
    const batteryLevel = index === 3 ? 0.12 : 0.8;
    this.control = { telemetry: { type: 'telemetry', sending, phone: { batteryLevel } } };
    this.#soundLevel = 0.05 + (index % 5) * 0.12;
    this.state = 'connected';
  }

  getSynchronizationSources(): RTCRtpSynchronizationSource[] {
    const timestamp = performance.timeOrigin + performance.now();
    return [{ timestamp, rtpTimestamp: 0, source: 1, audioLevel: this.#soundLevel }];
  }
}

/** What a scene is made of. */
export interface SceneOptions {
  readonly count: number;
  /** Whether some cameras are in trouble. */
  readonly hasTrouble?: boolean;
  /** Seconds of figures that the cameras already have. */
  readonly seconds?: number;
  readonly info?: (index: number) => Partial<StreamInfo>;
}

/** A mounted wall; `close` ends its pictures too. */
export interface WallScene extends MountedConsole {
  readonly subscribers: readonly SceneSubscriber[];
  /** Sends one sample of each stream, as old as told, in seconds. */
  feed(ago?: number): void;
}

/** Mounts the console with cameras at work, and waits until all of them are live. */
export async function mountScene({
  count,
  hasTrouble = false,
  seconds = 20,
  info = () => ({}),
}: SceneOptions): Promise<WallScene> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const subscribers = indexes.map((index) => new SceneSubscriber(index));
  const pictures = indexes.map((index) => new CanvasPicture(index));
  const mounted = mountConsole(App, {
    prepare({ server, source }) {
      goLive(server);
      for (const index of indexes) {
        const subscriber = subscribers[index];
        if (subscriber === undefined) continue;
        subscriber.media = pictures[index]?.media;
        const label = LABELS[index % LABELS.length] ?? '';
        const name = index < LABELS.length ? label : `${label} ${index + 1}`;
        source.put(streamInfo(index, { label: name, ...info(index) }), subscriber);
      }
    },
  });
  // The app's root takes the window's height, as `#app` does in the page.
  const root = document.querySelector('.console')?.parentElement;
  if (root instanceof HTMLElement) root.id = 'app';

  function feed(ago = 0): void {
    for (const [index, subscriber] of subscribers.entries()) {
      const trouble = hasTrouble ? TROUBLES[index % TROUBLES.length] : undefined;
      mounted.poller.sample(subscriber, sceneSample(index, ago, trouble));
    }
  }
  await expect
    .poll(() => document.querySelectorAll('[data-testid="tile"][data-state="live"]').length, {
      timeout: 10_000,
    })
    .toBe(count);
  // Only now do pictures count as expected, and troubles as such.
  for (let ago = seconds; ago >= 0; ago -= 1) feed(ago);
  return {
    ...mounted,
    subscribers,
    feed,
    close() {
      mounted.close();
      for (const picture of pictures) picture.close();
    },
  };
}

function sizeOf(index: number): readonly [number, number] {
  return SIZES[index % SIZES.length] ?? [1280, 720];
}

function sceneSample(
  index: number,
  ago: number,
  trouble: Partial<StreamSample> = {},
): StreamSample {
  const wave = Math.sin((ago + index * 20) / 9);
  const [width, height] = sizeOf(index);
  return movingSample({
    takenAt: performance.now() - ago * 1_000,
    audioPacketsArrive: true,
    framesPerSecond: 27 + wave * 3,
    width,
    height,
    videoCodec: 'VP8',
    audioCodec: 'opus',
    videoBitrateBps: 1_800_000 + wave * 400_000 + index * 90_000,
    audioBitrateBps: 32_000,
    packetsLostRatio: 0,
    packetsLost: index,
    packetsReceived: 10_000 + index,
    roundTripTimeMs: 12 + index + wave * 4,
    jitterMs: 3 + wave,
    jitterBufferMs: 30 + wave * 8,
    decodeMs: 4,
    processingMs: 22 + wave,
    framesDecoded: 25_000,
    framesDropped: 0,
    freezeCount: 0,
    localCandidateType: 'host',
    remoteCandidateType: 'host',
    transportProtocol: 'udp',
    isRelayed: false,
    ...trouble,
  });
}

/** A small canvas as a camera, in the shape of the large picture it stands for. */
class CanvasPicture {
  readonly media: MediaStream;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(index: number) {
    const [width, height] = sizeOf(index).map((side) => side / 8);
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    this.media = canvas.captureStream(4);
    let step = 0;
    const draw = (): void => {
      if (context === null) return;
      step += 1;
      const ground = context.createLinearGradient(0, 0, canvas.width, canvas.height);
      ground.addColorStop(0, `hsl(${index * 47} 45% 62%)`);
      ground.addColorStop(1, `hsl(${index * 47 + 40} 50% 22%)`);
      context.fillStyle = ground;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = '#fff';
      context.fillRect((step * 3) % canvas.width, canvas.height / 3, 6, canvas.height / 3);
    };
    draw();
    this.#timer = setInterval(draw, 250);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const track of this.media.getTracks()) track.stop();
  }
}
