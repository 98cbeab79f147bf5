import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Encoding } from '../../protocol/control-reports';
import { compareEncodings, EncodingFollower } from './encoding-follower';

const FULL: Encoding = {
  isActive: true,
  scaleResolutionDownBy: 1,
  maxBitrateBps: 2_500_000,
  maxFramerate: 30,
};
const SMALL: Encoding = { ...FULL, scaleResolutionDownBy: 4, maxBitrateBps: 300_000 };
const MEDIUM: Encoding = { ...FULL, scaleResolutionDownBy: 2, maxBitrateBps: 900_000 };
const HIDDEN: Encoding = { ...SMALL, isActive: false };

let applied: { encoding: Encoding; isLarger: boolean }[];
let follower: EncodingFollower;

beforeEach(() => {
  vi.useFakeTimers();
  applied = [];
  follower = new EncodingFollower(FULL, (encoding, isLarger) => {
    applied.push({ encoding, isLarger });
  });
});

afterEach(() => {
  follower.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function pass(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
}

describe('two encodings', () => {
  it('are the same while they hardly differ', () => {
    expect(compareEncodings(SMALL, { ...SMALL, scaleResolutionDownBy: 4.4 })).toBe('same');
    expect(compareEncodings(SMALL, { ...SMALL, maxBitrateBps: 330_000 })).toBe('same');
    expect(compareEncodings(HIDDEN, { ...MEDIUM, isActive: false })).toBe('same');
  });

  it('differ where anything rises, else where anything falls', () => {
    expect(compareEncodings(SMALL, MEDIUM)).toBe('rise');
    expect(compareEncodings(MEDIUM, SMALL)).toBe('fall');
    expect(compareEncodings(MEDIUM, { ...SMALL, maxFramerate: 60 })).toBe('rise');
    expect(compareEncodings(FULL, HIDDEN)).toBe('fall');
    expect(compareEncodings(HIDDEN, SMALL)).toBe('rise');
  });

  it('differ where the picture was nearly whole and is to be whole', () => {
    expect(compareEncodings({ ...FULL, scaleResolutionDownBy: 1.12 }, FULL)).toBe('rise');
  });
});

describe('following', () => {
  it('applies the first wish even where it changes nothing, and no other like it', () => {
    follower.follow(FULL);
    follower.follow(FULL);
    expect(applied).toEqual([{ encoding: FULL, isLarger: false }]);
    expect(follower.applied).toBe(FULL);
  });

  it('gives less at once the first time, then only after a while, and the newest of it', () => {
    follower.follow(MEDIUM);
    expect(applied).toEqual([{ encoding: MEDIUM, isLarger: false }]);
    pass(300);
    follower.follow(SMALL);
    follower.follow(HIDDEN);
    pass(699);
    expect(applied).toHaveLength(1);
    pass(1);
    expect(applied.slice(1)).toEqual([{ encoding: HIDDEN, isLarger: false }]);
  });

  it('gives more at once', () => {
    follower.follow(SMALL);
    pass(200);
    follower.follow(FULL);
    expect(applied.at(-1)).toEqual({ encoding: FULL, isLarger: true });
  });

  it('leaves alone what is wanted as it is by the time', () => {
    follower.follow(SMALL);
    follower.follow(HIDDEN);
    follower.follow(SMALL);
    pass(5_000);
    expect(applied).toHaveLength(1);
  });

  it('never starts the encoder more than five times a second, whatever is asked', () => {
    for (let round = 0; round < 100; round += 1) {
      follower.follow({ ...SMALL, maxFramerate: 60 });
      pass(10);
      follower.follow({ ...FULL, maxFramerate: 10 });
      pass(10);
    }
    expect(applied.length).toBeLessThanOrEqual(11);
  });

  it('applies nothing once closed', () => {
    follower.follow(MEDIUM);
    follower.follow(SMALL);
    follower.close();
    pass(5_000);
    expect(applied).toHaveLength(1);
  });
});
