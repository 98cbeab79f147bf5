import { describe, expect, it } from 'vitest';
import { followed, panned, ticksOf, zoomed } from './time-range';

const BOUNDS = { from: 0, to: 3_600_000 };

describe('the range in view', () => {
  it('zooms around a moment, which stays where it is', () => {
    expect(zoomed(BOUNDS, 0.5, 900_000, BOUNDS)).toEqual({ from: 450_000, to: 2_250_000 });
  });

  it('never leaves the session, nor comes closer than samples are', () => {
    const close = zoomed(BOUNDS, 0.000_1, 3_600_000, BOUNDS);
    expect(close).toEqual({ from: 3_590_000, to: 3_600_000 });
    expect(zoomed(close, 1_000_000, 3_595_000, BOUNDS)).toEqual(BOUNDS);
    expect(panned(close, 60_000, BOUNDS)).toEqual(close);
    expect(panned(close, -1e9, BOUNDS)).toEqual({ from: 0, to: 10_000 });
    const short = { from: 0, to: 500 };
    expect(zoomed(short, 0.5, 250, short)).toEqual(short);
  });

  it('follows the time where it reached the end, and stays elsewhere', () => {
    const later = { from: 0, to: 3_601_000 };
    expect(followed({ from: 3_500_000, to: 3_600_000 }, BOUNDS, later)).toEqual({
      from: 3_501_000,
      to: 3_601_000,
    });
    const early = { from: 1_000, to: 20_000 };
    expect(followed(early, BOUNDS, later)).toEqual(early);
  });

  it('has marks at round local times, never too many', () => {
    const zone = 2 * 3_600_000 + 1_800_000;
    const { stepMs, times } = ticksOf({ from: 100_000, to: 8 * 3_600_000 }, 8, zone);
    expect(stepMs).toBe(3_600_000);
    expect(times.length).toBeLessThanOrEqual(9);
    for (const at of times) expect((at + zone) % stepMs).toBe(0);
    expect(ticksOf({ from: 0, to: 40 * 86_400_000 }, 8, 0).times.length).toBeLessThanOrEqual(9);
  });
});
