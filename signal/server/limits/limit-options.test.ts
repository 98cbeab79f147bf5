import { describe, expect, test } from 'vitest';
import { LIMIT_OPTIONS, readLimits } from './limit-options';
import { LIMITS } from './limits';

test('nothing given gives the defaults', () => {
  expect(readLimits({})).toEqual({ ok: true, value: LIMITS });
});

test.each(Object.entries(LIMIT_OPTIONS))('--%s changes a limit within its bounds', (name, spec) => {
  const changed = readLimits({ [name]: String(spec.max) });
  expect(changed.ok && changed.value).not.toEqual(LIMITS);
  for (const value of [String(spec.min), String(spec.max)]) {
    expect(readLimits({ [name]: value }).ok).toBe(true);
  }
  for (const value of [String(spec.min - 1), String(spec.max + 1), '', ' 5', '1e3', true]) {
    expect(readLimits({ [name]: value })).toEqual({ ok: false, error: name });
  }
});

describe('what belongs together changes together', () => {
  test('a rate and its burst, a request and its headers', () => {
    const limits = readLimits({ 'max-messages': '20', 'max-kib': '64', 'header-timeout': '2' });
    expect(limits).toMatchObject({
      ok: true,
      value: {
        messageBurst: 100,
        byteBurst: 5 * 64 * 1024,
        headersTimeoutMs: 2_000,
        requestTimeoutMs: 4_000,
      },
    });
  });
});
