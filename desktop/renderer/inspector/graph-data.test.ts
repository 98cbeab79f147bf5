import { describe, expect, it } from 'vitest';
import { StatsRing } from '../statistics/stats-ring';
import { linesOf, placesOf, scaleTop, secondsOf } from './graph-data';
import { cursorAfterKey, spokenAt, valuesAt } from './graph-cursor';

function ringOf(samples: readonly (readonly [at: number, latencyMs?: number])[]): StatsRing {
  const ring = new StatsRing();
  for (const [at, latencyMs] of samples) {
    ring.push(at, latencyMs === undefined ? {} : { latencyMs, latencyErrorMs: 30 });
  }
  return ring;
}

const latency = {
  id: 'latency',
  lines: [{ column: 'latencyMs', factor: 1, error: 'latencyErrorMs' }],
  leastTop: 200,
  digits: 0,
} as const;

describe('graph data', () => {
  it('puts streams that were sampled at other moments on the same seconds', () => {
    const one = ringOf([[1_100, 10], [2_100, 20], [3_100, 30]]); // prettier-ignore
    const other = ringOf([[1_900, 1], [2_950, 2], [3_900, 3]]); // prettier-ignore
    const seconds = secondsOf([one, other], 1);
    expect(seconds).toHaveLength(61);
    expect(seconds.at(-1)).toBe(4);
    expect(placesOf(one, seconds).slice(-3)).toEqual([0, 1, 2]);
    expect(placesOf(other, seconds).slice(-3)).toEqual([0, 1, 2]);
  });

  it('bridges a late sample, and leaves a gap where none came', () => {
    const ring = ringOf([[1_000, 1], [2_050, 2], [6_000, 6]]); // prettier-ignore
    const seconds = [1, 2, 3, 4, 5, 6];
    expect(placesOf(ring, seconds)).toEqual([0, 0, 1, undefined, undefined, 2]);
  });

  it('draws a band of the error, not below zero, and none where the figure is unknown', () => {
    const ring = ringOf([[1_000, 20], [2_000], [3_000, 100]]); // prettier-ignore
    const [line] = linesOf(ring, placesOf(ring, [1, 2, 3]), latency);
    expect(line).toEqual({
      values: [20, undefined, 100],
      upper: [50, undefined, 130],
      lower: [0, undefined, 70],
    });
  });

  it('has nothing to show before the first sample', () => {
    expect(secondsOf([new StatsRing()], 5)).toEqual([]);
    expect(secondsOf([], 5)).toEqual([]);
  });

  it('scales to a round number that holds every value', () => {
    expect(scaleTop([3, undefined, 29], 30)).toBe(30);
    expect(scaleTop([3, 31], 30)).toBe(50);
    expect(scaleTop([1_200], 200)).toBe(2_000);
    expect(scaleTop([0.3], 0.1)).toBeCloseTo(0.5);
  });
});

describe('the cursor', () => {
  const seconds = [10, 11, 12, 13];

  it('moves by keys, inside of what is shown', () => {
    expect(cursorAfterKey('ArrowLeft', undefined, seconds)).toBe(12);
    expect(cursorAfterKey('ArrowRight', 13, seconds)).toBe(13);
    expect(cursorAfterKey('Home', undefined, seconds)).toBe(10);
    expect(cursorAfterKey('PageDown', 13, seconds)).toBe(10);
    expect(cursorAfterKey('Delete', 11, seconds)).toBe('gone');
    expect(cursorAfterKey('x', 11, seconds)).toBeUndefined();
    expect(cursorAfterKey('ArrowLeft', undefined, [])).toBeUndefined();
  });

  it('says what is under it, and nothing of what is unknown', () => {
    const definition = { id: 'frame-rate', digits: 0 } as const;
    const lines = [{ values: [24.4] }, { values: [undefined] }];
    expect(valuesAt(lines, definition, 0)).toBe('24 / –');
    expect(spokenAt(lines, definition, 0)).toBe('Frame rate: shown 24 fps');
    expect(spokenAt([{ values: [undefined] }], definition, 0)).toBe('');
  });
});
