import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../protocol/control-reports';
import type { SenderSample } from '../stats/sender-sample';
import { SizeRegain } from './size-regain';

const FULL: Encoding = {
  isActive: true,
  scaleResolutionDownBy: 1,
  maxBitrateBps: 2_500_000,
  maxFramerate: 30,
};
const WHOLE: SenderSample = {
  width: 1280,
  captureWidth: 1280,
  qualityLimitationReason: 'none',
  targetBitrateBps: 2_500_000,
  framesPerSecond: 30,
  captureFramesPerSecond: 30,
};
const SHRUNK: SenderSample = { ...WHOLE, width: 640, qualityLimitationReason: 'bandwidth' };

/** Seconds at which the encoder is to judge anew, by what it sends in each. */
function triesOf(seconds: number, sampleAt: (second: number) => SenderSample, encoding = FULL) {
  const regain = new SizeRegain();
  return Array.from({ length: seconds }, (_, second) => second).filter((second) =>
    regain.look(sampleAt(second), encoding, second * 1_000),
  );
}

describe('a picture that stays small on a free network', () => {
  it('is given its size again, ever more rarely where that does not last', () => {
    expect(triesOf(60, () => SHRUNK)).toEqual([4, 13, 30]);
    const long = triesOf(3_000, () => SHRUNK);
    expect((long.at(-1) ?? 0) - (long.at(-2) ?? 0)).toBe(121);
  });

  it('is so at once again after it had its size for a while', () => {
    const isWhole = (second: number): boolean => second >= 31 && second < 50;
    expect(triesOf(60, (second) => (isWhole(second) ? WHOLE : SHRUNK))).toEqual([4, 13, 30, 54]);
  });

  it('also counts where it is asked for at half its size', () => {
    const encoding = { ...FULL, scaleResolutionDownBy: 2, maxBitrateBps: 880_000 };
    expect(triesOf(9, () => ({ ...SHRUNK, width: 320 }), encoding)).toEqual([4]);
    expect(triesOf(9, () => SHRUNK, encoding)).toEqual([]);
  });

  it('and at half its rate', () => {
    const slow = { ...SHRUNK, framesPerSecond: 14.8 };
    expect(triesOf(9, () => slow, { ...FULL, maxFramerate: 15 })).toEqual([4]);
  });
});

describe('a picture is left alone', () => {
  it.each([
    ['whole', WHOLE],
    ['small because the network is narrow', { ...SHRUNK, targetBitrateBps: 900_000 }],
    ['still too much for its encoder', { ...SHRUNK, framesPerSecond: 12 }],
    ['small because the phone is slow', { ...SHRUNK, qualityLimitationReason: 'cpu' }],
    ['of unknown size', { targetBitrateBps: 2_500_000, qualityLimitationReason: 'bandwidth' }],
    ['small on an unknown network', { width: 640, captureWidth: 1280 }],
  ] satisfies [string, SenderSample][])('that is %s', (_what, sample) => {
    expect(triesOf(60, () => sample)).toEqual([]);
  });

  it('that nobody sees', () => {
    expect(triesOf(60, () => SHRUNK, { ...FULL, isActive: false })).toEqual([]);
  });
});
