import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENDED_FOR_MS } from '../streams/stream-registry';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { watchStreams } from '../testing/watch-streams';

const A = streamIdOf(1);

function setUp() {
  const watched = watchStreams();
  return { ...watched, subscriber: watched.join() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('StreamMonitor', () => {
  it('keeps the figures of each second, and tells that they came', () => {
    const { monitor, poller, subscriber } = setUp();
    const told: string[] = [];
    monitor.on('second', (streamId) => told.push(streamId));
    poller.sample(subscriber, movingSample({ framesPerSecond: 24 }));
    expect(monitor.ringOf(A)?.series('framesPerSecond')).toEqual([24]);
    expect(monitor.snapshotOf(A)).toMatchObject({
      isGone: false,
      health: { level: 'good' },
      diagnosis: { cause: 'none' },
      facts: { sample: { framesPerSecond: 24 } },
    });
    expect(told).toContain(A);
  });

  it('judges by what others found out', () => {
    const { monitor, poller, subscriber } = setUp();
    monitor.note(A, { luma: { mean: 1, deviation: 0 } });
    for (let second = 0; second < 4; second += 1) {
      vi.advanceTimersByTime(1_000);
      poller.sample(subscriber, movingSample());
    }
    expect(monitor.snapshotOf(A)).toMatchObject({
      health: { level: 'poor', reason: 'black' },
      diagnosis: { cause: 'black' },
    });
  });

  it('keeps what is held of a stream that left, and forgets it afterwards', () => {
    const { monitor, poller, source, subscriber } = setUp();
    poller.sample(subscriber, movingSample({ framesPerSecond: 24 }));
    const release = monitor.hold(A);
    source.remove(streamInfo(1), 'stopped');
    vi.advanceTimersByTime(ENDED_FOR_MS + 2_000);
    expect(monitor.snapshotOf(A)).toMatchObject({ isGone: true, facts: { state: 'ended' } });
    expect(monitor.ringOf(A)?.length).toBe(1);
    release();
    release();
    expect(monitor.snapshotOf(A)).toBeUndefined();
  });

  it('goes on with the same figures when the stream returns while it is held', () => {
    const { monitor, poller, source, subscriber } = setUp();
    poller.sample(subscriber, movingSample());
    const release = monitor.hold(A);
    source.remove(streamInfo(1), 'lost');
    vi.advanceTimersByTime(ENDED_FOR_MS + 2_000);
    const back = new FakeSubscriber();
    source.put(streamInfo(1), back);
    poller.sample(back, movingSample());
    release();
    expect(monitor.snapshotOf(A)?.isGone).toBe(false);
    expect(monitor.ringOf(A)?.length).toBe(2);
  });

  it('forgets a stream that nobody holds, and lets go of everything', () => {
    const { monitor, source, subscriber, registry } = setUp();
    const cancel = vi.fn();
    monitor.addVideo(A, { requestVideoFrameCallback: () => 1, cancelVideoFrameCallback: cancel });
    source.remove(streamInfo(1), 'left');
    vi.advanceTimersByTime(ENDED_FOR_MS + 2_000);
    expect(monitor.snapshotOf(A)).toBeUndefined();
    monitor.close();
    monitor.close();
    registry.close();
    expect(subscriber.listenerCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
