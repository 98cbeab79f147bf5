import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from './backoff';

describe('retryDelayMs', () => {
  it('grows from nothing to seven seconds and stays there', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) =>
      retryDelayMs(attempt, 'soon', 0.5),
    );
    expect(delays).toEqual([0, 300, 1200, 2700, 4800, 7000, 7000, 7000]);
  });

  it('spreads by 15 percent to each side, so that a room full of phones is not in step', () => {
    expect(retryDelayMs(5, 'soon', 0)).toBe(5950);
    expect(retryDelayMs(5, 'soon', 1)).toBe(8050);
  });

  it('waits from the first attempt where the server asked for patience', () => {
    expect(retryDelayMs(0, 'slowly', 0.5)).toBe(7000);
    expect(retryDelayMs(9, 'slowly', 0.5)).toBe(7000);
  });

  it('is never negative and never above 8.05 s', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('soon' as const, 'slowly' as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, policy, random) => {
          const delay = retryDelayMs(attempt, policy, random);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(8050);
        },
      ),
    );
  });
});
