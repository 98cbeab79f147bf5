import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatElapsed } from './elapsed';
import { everySecondSince } from './second-ticks';

describe('formatElapsed', () => {
  it.each([
    [0, '00:00'],
    [59_999, '00:59'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [-5_000, '00:00'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(formatElapsed(milliseconds)).toBe(text);
  });
});

describe('everySecondSince', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 10_400 });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows every second once, whenever it starts', () => {
    const shown: string[] = [];
    const stop = everySecondSince(10_000, (nowMs) => shown.push(formatElapsed(nowMs - 10_000)));
    vi.advanceTimersByTime(4_000);
    expect(shown).toEqual(['00:00', '00:01', '00:02', '00:03', '00:04']);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
