import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import { StatsPoller, type StatsSource } from './stats-poller';
import type { StreamSample } from './stream-sample';

let poller: StatsPoller;

/** A source whose picture moves by thirty frames at each report. */
function movingSource(): { readonly getStats: Mock<StatsSource['getStats']> } {
  let framesDecoded = 0;
  return {
    getStats: vi.fn(() => {
      framesDecoded += 30;
      const video = { id: 'V', type: 'inbound-rtp', kind: 'video', ssrc: 1, framesDecoded };
      return Promise.resolve(new Map([['V', { ...video, timestamp: performance.now() }]]));
    }),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  poller = new StatsPoller();
});

afterEach(() => {
  poller.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('StatsPoller', () => {
  it('samples all its sources by one timer, once a second', async () => {
    const samples: StreamSample[] = [];
    const sources = [movingSource(), movingSource(), movingSource()];
    for (const source of sources) poller.add(source, (sample) => samples.push(sample));
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(samples).toHaveLength(6);
    expect(samples.at(-1)?.framesPerSecond).toBeCloseTo(30);
  });

  it('runs no timer without a source', async () => {
    const source = movingSource();
    const removeFirst = poller.add(source, vi.fn());
    const removeSecond = poller.add(movingSource(), vi.fn());
    removeFirst();
    expect(vi.getTimerCount()).toBe(1);
    removeSecond();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(source.getStats).not.toHaveBeenCalled();
    poller.add(source, vi.fn());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(source.getStats).toHaveBeenCalledTimes(1);
  });

  it('asks a slow source no second time while it thinks, and the others as ever', async () => {
    const slow = { getStats: vi.fn(() => new Promise<undefined>(() => undefined)) };
    const quick = movingSource();
    poller.add(slow, vi.fn());
    poller.add(quick, vi.fn());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(slow.getStats).toHaveBeenCalledTimes(1);
    expect(quick.getStats).toHaveBeenCalledTimes(5);
  });

  it('gives up a report that never comes, and does not use it if it does', async () => {
    const late: ((report: undefined) => void)[] = [];
    const source = {
      getStats: vi.fn(() => new Promise<undefined>((resolve) => late.push(resolve))),
    };
    const listener = vi.fn();
    poller.add(source, listener);
    await vi.advanceTimersByTimeAsync(7_000);
    expect(source.getStats).toHaveBeenCalledTimes(2);
    late[0]?.(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(listener).not.toHaveBeenCalled();
    late[1]?.(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('takes a refused report for none', async () => {
    const listener = vi.fn();
    poller.add({ getStats: () => Promise.reject(new DOMException('Closed')) }, listener);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listener).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ isPictureMoving: false, packetsArrive: false }),
    );
  });

  it('tells nothing to whoever has left, not even the report under way', async () => {
    const pending: ((report: undefined) => void)[] = [];
    const listener = vi.fn();
    const remove = poller.add(
      { getStats: () => new Promise<undefined>((resolve) => pending.push(resolve)) },
      listener,
    );
    await vi.advanceTimersByTimeAsync(1_000);
    remove();
    pending[0]?.(undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listener).not.toHaveBeenCalled();
  });
});
