import { describe, expect, it } from 'vitest';
import { fallTo, meterFraction } from './level-scale';

describe('a meter', () => {
  it.each([
    [0, 0],
    [0.000_5, 0],
    [0.001, 0],
    [0.031_62, 0.5],
    [1, 1],
    [1.5, 1],
  ])('fills its scale of decibels: level %d to %d', (level, fraction) => {
    expect(meterFraction(level)).toBeCloseTo(fraction, 3);
  });

  it('rises at once and falls slowly, down to nothing', () => {
    expect(fallTo(0.9, 0.1, 80)).toBe(0.9);
    expect(fallTo(0, 0.5, 500)).toBeCloseTo(0.3);
    expect(fallTo(0, 0.1, 1_000)).toBe(0);
  });
});
