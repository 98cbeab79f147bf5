import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FAILED_KEY_LIMITS, KeyRefusals } from './key-refusals';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('refusals are given when due, each address in its own time', () => {
  const refusals = new KeyRefusals(FAILED_KEY_LIMITS);
  const given: string[] = [];
  for (const name of ['first', 'second']) refusals.add('192.0.2.1', () => given.push(name));
  refusals.add('192.0.2.2', () => given.push('other'));
  vi.advanceTimersByTime(249);
  expect(given).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(given).toEqual(['first', 'other']);
  vi.advanceTimersByTime(250);
  expect(given).toEqual(['first', 'other', 'second']);
});

test('whoever asks too often at once is turned away until a refusal was given', () => {
  const refusals = new KeyRefusals({ ...FAILED_KEY_LIMITS, maxPending: 1 });
  const refuse = vi.fn();
  expect(refusals.add('192.0.2.1', refuse)).toBe(true);
  expect(refusals.add('192.0.2.1', refuse)).toBe(false);
  vi.advanceTimersByTime(250);
  expect(refusals.add('192.0.2.1', refuse)).toBe(true);
  expect(refuse).toHaveBeenCalledTimes(1);
});

test('nothing is left after close', () => {
  const refusals = new KeyRefusals(FAILED_KEY_LIMITS);
  const refuse = vi.fn();
  refusals.add('192.0.2.1', refuse);
  refusals.close();
  refusals.close();
  refusals.add('192.0.2.1', refuse);
  expect(vi.getTimerCount()).toBe(0);
});
