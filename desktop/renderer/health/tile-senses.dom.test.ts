import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  FakePoller,
  FakeStreamSource,
  FakeSubscriber,
  movingSample,
  streamIdOf,
  streamInfo,
} from '../testing/fake-streams';
import type { Findings } from '../statistics/stream-monitor';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore } from '../streams/wall-store';
import { TileSenses } from './tile-senses';

const STREAM = streamIdOf(1);

class HeardSubscriber extends FakeSubscriber {
  level = 0.5;
  getSynchronizationSources(): RTCRtpSynchronizationSource[] {
    return [{ audioLevel: this.level, timestamp: performance.now(), rtpTimestamp: 0, source: 1 }];
  }
}

let source: FakeStreamSource;
let poller: FakePoller;
let registry: StreamRegistry;
let senses: TileSenses;
let noted: Findings;

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  source = new FakeStreamSource();
  poller = new FakePoller();
  registry = new StreamRegistry({ wall: useWallStore(), poller });
  noted = {};
  senses = new TileSenses({
    registry,
    note: (_streamId, findings) => (noted = { ...noted, ...findings }),
  });
  registry.attach(source);
});

afterEach(() => {
  senses.close();
  senses.close();
  registry.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function sampleAfter(subscriber: FakeSubscriber, ms: number): void {
  vi.advanceTimersByTime(ms);
  poller.sample(subscriber, movingSample());
}

describe('what is heard of a tile', () => {
  it('is noted with each sample, also of a session that took another’s place', () => {
    const first = new HeardSubscriber();
    source.put(streamInfo(1), first);
    sampleAfter(first, 1_000);
    sampleAfter(first, 1_000);
    expect(noted.sound).toMatchObject({ silentForMs: 0 });
    expect(noted.soundLevel).toBe(0.5);
    const second = new HeardSubscriber();
    second.level = 0;
    source.put(streamInfo(1), second);
    sampleAfter(second, 1_000);
    sampleAfter(second, 1_000);
    expect(noted.sound?.silentForMs).toBeGreaterThan(800);
    expect(noted.soundLevel).toBe(0);
  });

  it('is unknown where there is nothing to hear by', () => {
    const subscriber = new FakeSubscriber();
    source.put(streamInfo(1), subscriber);
    sampleAfter(subscriber, 1_000);
    expect(noted).toEqual({ sound: undefined, soundLevel: undefined });
  });

  it('is let go with the stream', () => {
    const subscriber = new HeardSubscriber();
    source.put(streamInfo(1), subscriber);
    sampleAfter(subscriber, 1_000);
    source.remove(streamInfo(1), 'left');
    vi.advanceTimersByTime(10_000);
    registry.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('forgets how bright a picture was when its tile goes', () => {
  const stop = senses.addPicture(STREAM, document.createElement('video'));
  noted = { luma: { mean: 1, deviation: 1 } };
  stop();
  expect(noted.luma).toBeUndefined();
});
