/**
 * A console that nobody looks at for an hour, in the background or asleep: what it keeps stays
 * bounded, it raises nothing meanwhile, and nothing is wrong when somebody looks again.
 */
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatsPoller } from '../../../signal/rtc/stats/stats-poller';
import { AlertEngine } from '../health/alert-engine';
import { defaultAlertSettings } from '../health/alert-settings';
import { StreamMonitor } from '../statistics/stream-monitor';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore, type WallStore } from '../streams/wall-store';
import { FakeStreamSource, FakeSubscriber, streamIdOf, streamInfo } from '../testing/fake-streams';
import { useControlStore } from './control-store';
import { PhoneControls } from './phone-controls';

const HOUR_MS = 3_600_000;
const RING_MS = 900_000;
const STREAM = streamIdOf(1);
const SHOWN = { width: 1280, height: 720, isVisible: true };

/** A phone that sends 30 pictures a second while it is asked for any. */
class SendingSubscriber extends FakeSubscriber {
  reports = 0;
  #isSending = true;
  #countedAt = performance.now();
  #frames = 0;

  set isSending(isSending: boolean) {
    this.#count();
    this.#isSending = isSending;
  }

  override getStats(): Promise<undefined> {
    this.#count();
    this.reports += 1;
    const video = {
      id: 'V',
      type: 'inbound-rtp',
      kind: 'video',
      timestamp: this.#countedAt,
      framesDecoded: Math.floor(this.#frames),
      packetsReceived: Math.floor(this.#frames * 6),
      packetsLost: 0,
      bytesReceived: Math.floor(this.#frames * 7_000),
      frameWidth: 1280,
      frameHeight: 720,
    };
    // Typed as the fake it extends.
    return Promise.resolve(new Map([['V', video]]) as never);
  }

  #count(): void {
    const now = performance.now();
    if (this.#isSending) this.#frames += (now - this.#countedAt) * 0.03;
    this.#countedAt = now;
  }
}

let wall: WallStore;
let registry: StreamRegistry;
let monitor: StreamMonitor;
let controls: PhoneControls;
let phone: SendingSubscriber;
let alerts: AlertEngine;
let raised: string[];
let leapMs: number;

beforeEach(async () => {
  vi.useFakeTimers();
  const now = performance.now.bind(performance);
  leapMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + leapMs);
  setActivePinia(createPinia());
  wall = useWallStore();
  registry = new StreamRegistry({ wall, poller: new StatsPoller() });
  controls = new PhoneControls({
    registry,
    store: useControlStore(),
    note: (streamId, findings) => monitor.note(streamId, findings),
  });
  alerts = new AlertEngine(defaultAlertSettings);
  raised = [];
  alerts.on('raised', ({ kind }) => raised.push(kind));
  monitor = new StreamMonitor({ registry, alerts });
  const source = new FakeStreamSource();
  registry.attach(source);
  phone = new SendingSubscriber();
  source.put(streamInfo(1, { capture: { ...streamInfo(1).capture, hasAudio: false } }), phone);
  phone.setState('connected');
  controls.setViewport(STREAM, SHOWN);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(wall.tileOf(STREAM)?.state.name).toBe('live');
});

afterEach(() => {
  controls.close();
  monitor.close();
  registry.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function sample() {
  return wall.tileOf(STREAM)?.sample;
}

describe('a console that nobody looked at for an hour', () => {
  it('in the background kept a quarter of it, and is well at once', async () => {
    const timers = vi.getTimerCount();
    controls.setViewport(STREAM, { ...SHOWN, isVisible: false });
    phone.isSending = false;
    const before = phone.reports;
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(phone.reports - before).toBe(3_600);
    expect(vi.getTimerCount()).toBe(timers);
    const times = monitor.ringOf(STREAM)?.times() ?? [];
    expect(times).toHaveLength(900);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(RING_MS);
    expect(wall.tileOf(STREAM)?.state.name).toBe('live');

    controls.setViewport(STREAM, SHOWN);
    // As long as a phone takes to begin again.
    await vi.advanceTimersByTimeAsync(400);
    phone.isSending = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(raised).toEqual([]);
    expect(wall.tileOf(STREAM)?.state.name).toBe('live');
    expect(sample()?.framesPerSecond).toBeCloseTo(30, 0);
  });

  it('says so when the picture does not return', async () => {
    controls.setViewport(STREAM, { ...SHOWN, isVisible: false });
    phone.isSending = false;
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    controls.setViewport(STREAM, SHOWN);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(raised).toEqual(['frozen']);
    expect(wall.tileOf(STREAM)?.state.name).not.toBe('live');
  });

  it('because it slept takes the rates over the whole time, and makes up for no reading', async () => {
    const before = phone.reports;
    leapMs = HOUR_MS;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(phone.reports - before).toBe(1);
    expect(sample()?.framesPerSecond).toBeCloseTo(30, 0);
    expect(sample()?.videoBitrateBps).toBeLessThan(2_000_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(raised).toEqual([]);
    expect(wall.tileOf(STREAM)?.state.name).toBe('live');
    const times = monitor.ringOf(STREAM)?.times() ?? [];
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('because it slept, and so did the phone, is well as soon as pictures come', async () => {
    phone.isSending = false;
    leapMs = HOUR_MS;
    // One reading has nothing new: the network is still coming back.
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sample()?.isPictureMoving).toBe(false);
    phone.isSending = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(wall.tileOf(STREAM)?.state.name).toBe('live');
    expect(raised).toEqual([]);
    expect(alerts.alerts).toEqual([]);
  });
});
