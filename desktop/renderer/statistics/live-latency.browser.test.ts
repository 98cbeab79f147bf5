/**
 * The estimate against pictures that carry the time at which they were drawn, over a real call, at
 * three delays. Both ends are in one page: a path to the loopback interface takes no time.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { estimateLatency, type FrameTimes } from '../../../signal/rtc/stats/latency-estimate';
import { sampleSender, type SenderMemory } from '../../../signal/rtc/stats/sender-sample';
import { sampleStream, type SampleMemory } from '../../../signal/rtc/stats/stream-sample';
import { timesOf } from './live-latency';

vi.setConfig({ testTimeout: 90_000 });

const [WIDTH, HEIGHT, COLUMNS, ROWS] = [320, 180, 6, 4];
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A track of pictures that show `performance.now()` in 24 black or white cells. */
function drawTime(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d')!;
  const timer = setInterval(() => {
    const time = Math.round(performance.now());
    for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
      context.fillStyle = (time >> bit) & 1 ? '#fff' : '#000';
      context.fillRect(...cellOf(bit), WIDTH / COLUMNS, HEIGHT / ROWS);
    }
  }, 33);
  closers.push(() => clearInterval(timer));
  return canvas.captureStream(30).getVideoTracks()[0]!;
}

function cellOf(bit: number): [x: number, y: number] {
  return [((bit % COLUMNS) * WIDTH) / COLUMNS, (Math.floor(bit / COLUMNS) * HEIGHT) / ROWS];
}

const reader = document.createElement('canvas');
Object.assign(reader, { width: WIDTH, height: HEIGHT });
const pixels = reader.getContext('2d', { willReadFrequently: true })!;

function readTime(video: HTMLVideoElement): number {
  pixels.drawImage(video, 0, 0, WIDTH, HEIGHT);
  let time = 0;
  for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
    const [x, y] = cellOf(bit);
    const [red = 0] = pixels.getImageData(x + 26, y + 22, 1, 1).data;
    if (red > 127) time += 2 ** bit;
  }
  return time;
}

interface TimedFrame {
  /** How old it is when it shows, by its own time. */
  readonly truth: number;
  readonly times: FrameTimes & { readonly receivedAt: number };
}

/** The next five frames. */
async function nextFrames(video: HTMLVideoElement): Promise<TimedFrame[]> {
  const frames: TimedFrame[] = [];
  while (frames.length < 5) {
    frames.push(
      await new Promise<TimedFrame>((resolve) => {
        video.requestVideoFrameCallback((_now, metadata) => {
          const times = timesOf(metadata);
          const { receivedAt = Number.NaN } = times;
          resolve({
            truth: times.displayedAt - readTime(video),
            times: { ...times, receivedAt },
          });
        });
      }),
    );
  }
  return frames;
}

interface Call {
  readonly phone: RTCPeerConnection;
  readonly viewer: RTCPeerConnection;
  readonly video: HTMLVideoElement;
}

async function startCall(): Promise<Call> {
  const [phone, viewer] = [new RTCPeerConnection(), new RTCPeerConnection()];
  closers.push(
    () => phone.close(),
    () => viewer.close(),
  );
  const pass = (to: RTCPeerConnection) => (event: RTCPeerConnectionIceEvent) => {
    if (event.candidate !== null) void to.addIceCandidate(event.candidate);
  };
  phone.addEventListener('icecandidate', pass(viewer));
  viewer.addEventListener('icecandidate', pass(phone));
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  closers.push(() => video.remove());
  viewer.addEventListener('track', ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play();
  });
  phone.addTransceiver(drawTime(), { direction: 'sendonly' });
  await phone.setLocalDescription();
  await viewer.setRemoteDescription(phone.localDescription!);
  await viewer.setLocalDescription();
  await phone.setRemoteDescription(viewer.localDescription!);
  await expect.poll(() => video.videoWidth, { timeout: 20_000 }).toBeGreaterThan(0);
  return { phone, viewer, video };
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

it('is within 25 ms or 15 % of the truth, by either way, at three delays', async () => {
  const { phone, viewer, video } = await startCall();
  const receiver = viewer.getReceivers()[0]!;
  let received: SampleMemory | undefined;
  let sent: SenderMemory | undefined;
  let truth = 0;

  /** How far the worse of the two ways is off, as part of what it may be: the median frame's. */
  const worstError = async (): Promise<number> => {
    received = sampleStream(await viewer.getStats(), received, performance.now());
    sent = sampleSender(await phone.getStats(), sent);
    const { roundTripTimeMs } = received.sample;
    const stages = { ...received.sample, ...sent.sample, roundTripTimeMs };
    const frames = await nextFrames(video);
    truth = median(frames.map((frame) => frame.truth));
    const errors = (['capture-time', 'stages'] as const).map((way) =>
      median(
        frames.map((frame) => {
          const { displayedAt, receivedAt } = frame.times;
          const times = way === 'stages' ? { displayedAt, receivedAt } : frame.times;
          const estimate = estimateLatency(times, stages);
          if (estimate?.method !== way) return Infinity;
          return Math.abs(estimate.latencyMs - frame.truth) / Math.max(25, frame.truth * 0.15);
        }),
      ),
    );
    return Math.max(...errors);
  };

  const truths: number[] = [];
  for (const target of [0, 200, 600]) {
    receiver.jitterBufferTarget = target;
    // The jitter buffer takes some seconds to get there, and the browser to know capture times.
    await expect
      .poll(async () => (await worstError(), truth), { timeout: 25_000, interval: 200 })
      .toBeGreaterThan(target * 0.9);
    await expect.poll(worstError, { timeout: 25_000, interval: 200 }).toBeLessThanOrEqual(1);
    truths.push(truth);
  }
  // The three were different indeed.
  expect(truths[1]! - truths[0]!).toBeGreaterThan(80);
  expect(truths[2]! - truths[1]!).toBeGreaterThan(150);
});
