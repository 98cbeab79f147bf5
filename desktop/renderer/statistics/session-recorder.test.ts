import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ENDED_FOR_MS } from '../streams/stream-registry';
import { movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { watchStreams } from '../testing/watch-streams';
import type { SessionBatch } from './session-history';
import { SessionRecorder } from './session-recorder';

const A = streamIdOf(1);

function setUp() {
  const watched = watchStreams();
  const { poller, registry, monitor } = watched;
  const written: SessionBatch[] = [];
  const write = vi.fn((batch: SessionBatch) => {
    written.push(batch);
    return Promise.resolve();
  });
  const recorder = new SessionRecorder({ registry, monitor, history: { write } });
  onTestFinished(() => recorder.close());
  const join = (index = 1) => {
    const subscriber = watched.join(index);
    poller.sample(subscriber, movingSample({ receivedBytes: 100 }));
    return subscriber;
  };
  const kinds = () => recorder.session?.timeline.events.map(({ kind }) => kind);
  return { ...watched, recorder, written, join, kinds };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('SessionRecorder', () => {
  it('tells what happened to a stream from its coming to its end', () => {
    const { poller, source, recorder, join, kinds } = setUp();
    expect(recorder.session).toBeUndefined();
    const subscriber = join();
    vi.advanceTimersByTime(4_000);
    subscriber.setState('reconnecting');
    const still = { isPictureMoving: false, packetsArrive: false, pictureStoppedForMs: 4_000 };
    poller.sample(subscriber, movingSample(still));
    vi.advanceTimersByTime(2_000);
    subscriber.setState('connected');
    poller.sample(subscriber, movingSample({ ...still, packetsArrive: true }));
    poller.sample(subscriber, movingSample());
    source.remove(streamInfo(1), 'stopped');
    expect(kinds()).toEqual(['joined', 'started', 'dropped', 'frozen', 'recovered', 'ended']);
    expect(recorder.session?.timeline.events.at(-1)).toMatchObject({
      streamId: A,
      label: 'Camera 1',
      cause: 'removed-stopped',
    });
    vi.advanceTimersByTime(ENDED_FOR_MS + 2_000);
    expect(kinds()).toHaveLength(6);
  });

  it('keeps what is new every ten seconds, and the rest when the page closes', () => {
    const { poller, recorder, written, join } = setUp();
    const subscriber = join();
    for (let second = 0; second < 12; second += 1) {
      vi.advanceTimersByTime(1_000);
      poller.sample(subscriber, movingSample({ receivedBytes: 100 }));
    }
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ session: { streamCount: 1 }, events: [{}, {}] });
    expect(written[0]?.session).not.toHaveProperty('endedAt');
    recorder.end();
    expect(written).toHaveLength(2);
    expect(written[1]?.session.endedAt).toBeGreaterThanOrEqual(written[0]!.session.aliveAt);
    expect(written[1]?.events).toEqual([]);
    const samples = written.flatMap((batch) => batch.samples);
    expect(samples.reduce((sum, sample) => sum + sample.receivedBytes, 0)).toBe(1_300);
    expect(recorder.session).toBeUndefined();
  });

  it('goes by its steady clock when the time of day jumps', () => {
    const { recorder, join } = setUp();
    join();
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(Date.now() - 5 * 3_600_000);
    join(2);
    const times = recorder.session?.timeline.events.map(({ at }) => at) ?? [];
    expect(times.at(-1)! - times[0]!).toBeCloseTo(1_000, 0);
  });

  it('lets streams end that leave without a word', () => {
    const { registry, join, kinds } = setUp();
    join();
    registry.close();
    expect(kinds()).toEqual(['joined', 'started', 'ended']);
  });

  it('goes on as another session after a day, and after it was deleted', () => {
    const { recorder, written, join, kinds } = setUp();
    join();
    const first = recorder.session?.sessionId;
    vi.advanceTimersByTime(24 * 3_600_000 + 20_000);
    const second = recorder.session?.sessionId;
    expect(second).not.toBe(first);
    expect(kinds()?.[0]).toBe('joined');
    expect(written.filter(({ session }) => session.endedAt !== undefined)).toHaveLength(1);
    recorder.restart();
    expect(recorder.session?.sessionId).not.toBe(second);
    expect(recorder.session?.timeline.streams).toHaveLength(1);
  });

  it('lets go of everything', () => {
    const { recorder, registry, join } = setUp();
    join();
    recorder.close();
    recorder.close();
    registry.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(recorder.session).toBeUndefined();
  });
});
