import { timingSafeEqual } from 'node:crypto';
import { expect, test } from 'vitest';
import { indexOfDigest } from './compare-keys';
import { digestOf } from './secrets';

const CANDIDATES = ['a', 'b', 'c', 'd', 'e'].map(digestOf);

test.each([
  ['a', 0],
  ['c', 2],
  ['e', 4],
  ['nobody', -1],
])('finds %s, and compares with every candidate whatever it finds', (key, index) => {
  const compared: Buffer[] = [];
  const found = indexOfDigest(digestOf(key), CANDIDATES, (one, other) => {
    compared.push(other);
    return timingSafeEqual(one, other);
  });
  expect(found).toBe(index);
  expect(compared).toEqual(CANDIDATES);
});
