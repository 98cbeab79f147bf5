import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket';

test('lets a burst pass, then only what comes back with time', () => {
  const bucket = new TokenBucket(3, 2, 1_000);
  expect([1, 2, 3, 4].map(() => bucket.take(1, 1_000))).toEqual([true, true, true, false]);
  expect(bucket.take(1, 1_499)).toBe(false);
  expect(bucket.take(1, 1_500)).toBe(true);
  expect(bucket.take(3, 60_000)).toBe(true);
  expect(bucket.take(1, 60_000)).toBe(false);
});

test('is not filled by a clock that goes back', () => {
  const bucket = new TokenBucket(1, 1, 5_000);
  expect(bucket.take(1, 5_000)).toBe(true);
  expect(bucket.take(1, 0)).toBe(false);
  expect(bucket.take(1, 5_500)).toBe(false);
  expect(bucket.take(1, 6_000)).toBe(true);
});
