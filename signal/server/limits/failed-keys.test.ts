import { describe, expect, test } from 'vitest';
import { FAILED_KEY_LIMITS } from './key-refusals';
import { FailedKeys } from './failed-keys';

const ADDRESS = '192.0.2.1';

describe('the delay', () => {
  test('doubles with every failure of an address, up to five seconds', () => {
    const keys = new FailedKeys(FAILED_KEY_LIMITS);
    const delays = Array.from({ length: 8 }, (_, index) => keys.fail(ADDRESS, index));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
    expect(keys.fail('192.0.2.2', 9)).toBe(250);
  });

  test('is shared by a whole IPv6 subnet', () => {
    const keys = new FailedKeys(FAILED_KEY_LIMITS);
    expect(keys.fail('2001:db8::1', 0)).toBe(250);
    expect(keys.fail('2001:db8::ffff', 0)).toBe(500);
    expect(keys.fail('2001:db8:0:1::1', 0)).toBe(250);
  });

  test('is forgotten after a minute without a failure', () => {
    const keys = new FailedKeys(FAILED_KEY_LIMITS);
    keys.fail(ADDRESS, 0);
    keys.settle(ADDRESS);
    expect(keys.fail(ADDRESS, 59_999)).toBe(500);
    keys.settle(ADDRESS);
    expect(keys.fail(ADDRESS, 59_999 + 60_000)).toBe(250);
  });

  test('survives a clock that jumps back', () => {
    const keys = new FailedKeys(FAILED_KEY_LIMITS);
    keys.fail(ADDRESS, 1e6);
    expect(keys.fail(ADDRESS, 0)).toBe(500);
  });
});

describe('waiting refusals', () => {
  test('are limited, and room comes back as they are given', () => {
    const keys = new FailedKeys({ ...FAILED_KEY_LIMITS, maxPending: 2 });
    keys.fail(ADDRESS, 0);
    keys.fail(ADDRESS, 0);
    expect(keys.fail(ADDRESS, 0)).toBeUndefined();
    expect(keys.fail('192.0.2.2', 0)).toBe(250);
    keys.settle(ADDRESS);
    expect(keys.fail(ADDRESS, 0)).toBe(1000);
  });

  test('that are settled too often grant nothing', () => {
    const keys = new FailedKeys({ ...FAILED_KEY_LIMITS, maxPending: 1 });
    keys.fail(ADDRESS, 0);
    keys.settle(ADDRESS);
    keys.settle(ADDRESS);
    keys.settle('203.0.113.9');
    expect(keys.fail(ADDRESS, 0)).toBe(500);
    expect(keys.fail(ADDRESS, 0)).toBeUndefined();
  });
});

test('an attacker with many addresses fills no memory', () => {
  const keys = new FailedKeys(FAILED_KEY_LIMITS);
  for (let index = 0; index < 30_000; index += 1) {
    keys.fail(`2001:db8:${(index >> 12).toString(16)}:${index.toString(16)}::1`, index / 1000);
  }
  expect(keys.size).toBeLessThanOrEqual(10_000);
});
