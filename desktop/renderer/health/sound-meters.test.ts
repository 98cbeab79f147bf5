import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SoundMeters, type SoundLevels, type SoundSource } from './sound-meters';

let painted: Map<string, number>[];
let meters: SoundMeters;

/** A microphone of which packets come every 20 ms; `level` undefined: without a level. */
class FakeSource implements SoundSource {
  level: number | undefined = 0.1;
  hasPackets = true;
  #stoppedAt = 0;

  getSynchronizationSources(): { audioLevel?: number; timestamp: number }[] {
    if (this.hasPackets) this.#stoppedAt = performance.now();
    const timestamp = this.#stoppedAt;
    return [{ timestamp, ...(this.level === undefined ? {} : { audioLevel: this.level }) }];
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  painted = [];
  meters = new SoundMeters((levels: SoundLevels) => painted.push(new Map(levels)));
});

afterEach(() => {
  meters.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('SoundMeters', () => {
  it('shows the level of each stream ten times a second and more', () => {
    const [loud, quiet] = [new FakeSource(), new FakeSource()];
    loud.level = 0.5;
    meters.add('loud', loud);
    meters.add('quiet', quiet);
    vi.advanceTimersByTime(1_000);
    expect(painted.length).toBeGreaterThanOrEqual(10);
    expect(painted.at(-1)).toEqual(
      new Map([
        ['loud', 0.5],
        ['quiet', 0.1],
      ]),
    );
  });

  it('counts for how long nothing was heard, until something is', () => {
    const source = new FakeSource();
    meters.add('A', source);
    vi.advanceTimersByTime(1_000);
    expect(meters.factsOf('A')?.silentForMs).toBe(0);
    source.level = 0;
    vi.advanceTimersByTime(3_000);
    expect(meters.factsOf('A')?.silentForMs).toBeGreaterThan(2_800);
    expect(meters.factsOf('A')?.silentForMs).toBeLessThan(3_100);
    source.level = 0.01;
    vi.advanceTimersByTime(100);
    expect(meters.factsOf('A')?.silentForMs).toBe(0);
  });

  it('takes packets that stay away for silence', () => {
    const source = new FakeSource();
    meters.add('A', source);
    vi.advanceTimersByTime(1_000);
    source.hasPackets = false;
    vi.advanceTimersByTime(4_000);
    expect(meters.factsOf('A')?.silentForMs).toBeGreaterThan(3_800);
    expect(painted.at(-1)?.get('A')).toBe(0);
  });

  it('knows sound that is cut off from a single clap', () => {
    const source = new FakeSource();
    meters.add('A', source);
    source.level = 0.9;
    vi.advanceTimersByTime(160);
    source.level = 0.1;
    vi.advanceTimersByTime(80);
    expect(meters.factsOf('A')?.clippedRatio).toBeLessThan(0.1);
    source.level = 0.9;
    vi.advanceTimersByTime(3_000);
    expect(meters.factsOf('A')?.clippedRatio).toBeGreaterThan(0.5);
  });

  it('concludes nothing where the browser gives no level, or nothing came yet', () => {
    const source = new FakeSource();
    source.level = undefined;
    meters.add('A', source);
    meters.add('B', { getSynchronizationSources: () => [] });
    vi.advanceTimersByTime(5_000);
    expect(meters.factsOf('A')).toBeUndefined();
    expect(meters.factsOf('B')).toBeUndefined();
    expect(painted.at(-1)?.size).toBe(0);
  });

  it('seldom asks a stream without sound, and hears its first in a moment', () => {
    const source = new FakeSource();
    const asked = vi.spyOn(source, 'getSynchronizationSources').mockReturnValue([]);
    meters.add('A', source);
    vi.advanceTimersByTime(4_800);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(20);
    asked.mockRestore();
    vi.advanceTimersByTime(250);
    expect(painted.at(-1)?.get('A')).toBe(0.1);
  });

  it('does not let one reading of a sleeping page speak for a minute', () => {
    const source = new FakeSource();
    meters.add('A', source);
    vi.advanceTimersByTime(80);
    source.level = 0;
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    vi.advanceTimersByTime(80);
    expect(meters.factsOf('A')?.silentForMs).toBeLessThanOrEqual(250);
    now.mockRestore();
  });

  it('forgets a stream that left, but not the source that took its place', () => {
    const remove = meters.add('A', new FakeSource());
    meters.add('A', new FakeSource());
    remove();
    vi.advanceTimersByTime(200);
    expect(painted.at(-1)?.has('A')).toBe(true);
  });
});
