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
import { ENDED_FOR_MS, StreamRegistry } from './stream-registry';
import { useWallStore, type WallStore } from './wall-store';

let wall: WallStore;
let poller: FakePoller;
let source: FakeStreamSource;
let registry: StreamRegistry;

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  wall = useWallStore();
  poller = new FakePoller();
  source = new FakeStreamSource();
  registry = new StreamRegistry({ wall, poller });
  registry.attach(source);
});

afterEach(() => {
  registry.close();
  vi.useRealTimers();
});

function stateOf(index: number): string | undefined {
  return wall.tileOf(streamIdOf(index))?.state.name;
}

function goLive(index: number): FakeSubscriber {
  const subscriber = new FakeSubscriber();
  source.put(streamInfo(index), subscriber);
  subscriber.setState('connected');
  poller.sample(subscriber, movingSample());
  return subscriber;
}

describe('StreamRegistry', () => {
  it('shows every stream in the order in which they came', () => {
    for (const index of [3, 1, 2]) source.put(streamInfo(index));
    expect(wall.order).toEqual([3, 1, 2].map(streamIdOf));
    expect(stateOf(1)).toBe('connecting');
  });

  it('shows streams that were there before it came', () => {
    const early = new FakeStreamSource();
    early.put(streamInfo(7));
    registry.attach(early);
    expect(wall.order).toEqual([streamIdOf(7)]);
  });

  it('is live with the first picture, before any sample', () => {
    const subscriber = new FakeSubscriber();
    source.put(streamInfo(1), subscriber);
    subscriber.setState('connected');
    registry.pictureShown(streamIdOf(1), 1280, 720);
    expect(stateOf(1)).toBe('live');
  });

  it('follows the subscriber’s state and samples', () => {
    const subscriber = goLive(1);
    expect(stateOf(1)).toBe('live');
    poller.sample(subscriber, movingSample({ isPictureMoving: false, pictureStoppedForMs: 3_000 }));
    expect(stateOf(1)).toBe('frozen');
    subscriber.setState('reconnecting');
    expect(stateOf(1)).toBe('reconnecting');
  });

  it('stays live by its samples while signaling says nothing', () => {
    const subscriber = goLive(1);
    for (let second = 0; second < 20; second += 1) {
      vi.advanceTimersByTime(1_000);
      poller.sample(subscriber, movingSample());
    }
    expect(stateOf(1)).toBe('live');
  });

  it('notices by itself that samples have stopped on a broken connection', () => {
    const subscriber = goLive(1);
    subscriber.setState('reconnecting');
    expect(stateOf(1)).toBe('live');
    vi.advanceTimersByTime(4_000);
    expect(stateOf(1)).toBe('reconnecting');
  });

  it('hands out media, and tells when there is other media', () => {
    const subscriber = goLive(1);
    const heard: (MediaStream | undefined)[] = [];
    registry.on('mediaChanged', (_id, media) => heard.push(media));
    const media = {} as MediaStream;
    subscriber.setMedia(media);
    expect(registry.mediaOf(streamIdOf(1))).toBe(media);
    expect(heard).toEqual([media]);
  });

  it('keeps the last picture while a session is replaced', () => {
    const media = {} as MediaStream;
    goLive(1).setMedia(media);
    source.put(streamInfo(1), new FakeSubscriber());
    expect(registry.mediaOf(streamIdOf(1))).toBe(media);
    expect(stateOf(1)).toBe('reconnecting');
    expect(poller.sourceCount).toBe(1);
  });

  it('says for a while why a stream ended, then takes it off the wall', () => {
    goLive(1);
    goLive(2);
    source.remove(streamInfo(1), 'stopped');
    expect(stateOf(1)).toBe('ended');
    vi.advanceTimersByTime(ENDED_FOR_MS - 1_000);
    expect(wall.order).toHaveLength(2);
    vi.advanceTimersByTime(2_000);
    expect(wall.order).toEqual([streamIdOf(2)]);
    expect(stateOf(1)).toBeUndefined();
  });

  it('gives a stream that returns its old place, also after it had left the wall', () => {
    for (const index of [1, 2, 3]) goLive(index);
    source.remove(streamInfo(1), 'left');
    source.put(streamInfo(1), new FakeSubscriber());
    expect(stateOf(1)).toBe('reconnecting');
    source.remove(streamInfo(2), 'left');
    vi.advanceTimersByTime(ENDED_FOR_MS + 1_000);
    expect(wall.order).toEqual([1, 3].map(streamIdOf));
    goLive(2);
    expect(wall.order).toEqual([1, 2, 3].map(streamIdOf));
  });

  it('tells each change of state once', () => {
    const changes: string[] = [];
    registry.on('stateChanged', ({ label }, state, before) =>
      changes.push(`${label}: ${before?.name ?? 'new'} → ${state.name}`),
    );
    const subscriber = goLive(1);
    poller.sample(subscriber, movingSample());
    source.put(streamInfo(1, { viewerCount: 3 }), subscriber);
    source.remove(streamInfo(1), 'lost');
    expect(changes).toEqual([
      'Camera 1: new → connecting',
      'Camera 1: connecting → live',
      'Camera 1: live → ended',
    ]);
  });

  it('takes the shape of the picture, but moves no tile for rounding', () => {
    goLive(1);
    expect(wall.tileAspects).toEqual([16 / 9]);
    registry.pictureShown(streamIdOf(1), 720, 1280);
    expect(wall.tileAspects).toEqual([720 / 1280]);
    const before = wall.tileAspects;
    registry.pictureShown(streamIdOf(1), 404, 720);
    expect(wall.tileAspects).toBe(before);
  });

  it('lets go of everything', () => {
    const subscriber = goLive(1);
    registry.close();
    registry.close();
    expect(wall.order).toEqual([]);
    expect(subscriber.listenerCount).toBe(0);
    expect(source.listenerCount).toBe(0);
    expect(poller.sourceCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
