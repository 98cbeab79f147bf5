import { describe, expect, it } from 'vitest';
import { meetsAim, quantile, ratioOf, summarize } from './figures';

describe('figures', () => {
  it('finds the middle and the quartiles', () => {
    expect(summarize([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 2, high: 4 });
    expect(quantile([1, 2], 0.5)).toBe(1.5);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it('takes the ratio of each pair, so that a slow stretch of the machine cancels out', () => {
    const pairs = [
      { sightline: 11, bare: 10 },
      { sightline: 110, bare: 100 },
      { sightline: 22, bare: 20 },
    ];
    expect(ratioOf(pairs).median).toBeCloseTo(1.1);
  });

  it('holds a figure against its aim, whichever way is better', () => {
    const pairs = [{ sightline: 12, bare: 10 }];
    const comparison = { name: 'x', unit: 'ms', pairs };
    expect(meetsAim({ ...comparison, better: 'less', aim: 1.1 })).toBe(false);
    expect(meetsAim({ ...comparison, better: 'more', aim: 1.1 })).toBe(true);
    expect(meetsAim({ ...comparison, better: 'less' })).toBeUndefined();
    expect(meetsAim({ name: 'y', unit: 'kB', values: [19, 21], aim: 20 })).toBe(true);
  });
});
