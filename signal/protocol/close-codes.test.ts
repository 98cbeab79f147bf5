import { expect, test } from 'vitest';
import { CLOSE, closeReasonOf, retryPolicyOf } from './close-codes';
import { closeSentence } from './close-sentences';

const reasons = Object.entries(CLOSE);

test('every code is used once, is allowed on the wire, and is told in full sentences', () => {
  expect(new Set(reasons.map(([, { code }]) => code)).size).toBe(reasons.length);
  for (const [name, { code }] of reasons) {
    // RFC 6455 section 7.4: what an endpoint may send.
    const isRegistered = [1003, 1009, 1012].includes(code);
    expect([name, isRegistered || (code >= 4000 && code < 5000)]).toEqual([name, true]);
    expect(closeSentence(code)).toMatch(/^[A-Z].*\.$/u);
    // Names travel as the close reason, which holds 123 bytes.
    expect(name.length).toBeLessThan(123);
  }
});

test('a page comes back after what passes, and stops where coming back cannot help', () => {
  expect(retryPolicyOf(CLOSE.draining.code)).toBe('soon');
  expect(retryPolicyOf(CLOSE.slowReader.code)).toBe('soon');
  expect(retryPolicyOf(CLOSE.serverFull.code)).toBe('slowly');
  expect(retryPolicyOf(CLOSE.tooManyMessages.code)).toBe('slowly');
  for (const fatal of ['idInUse', 'superseded', 'unsupportedVersion', 'helloRequired'] as const) {
    expect(retryPolicyOf(CLOSE[fatal].code)).toBe('never');
  }
});

test('codes of others are ordinary network trouble', () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 4999]) {
    expect(closeReasonOf(code)).toBeUndefined();
    expect(closeSentence(code)).toBeUndefined();
    expect(retryPolicyOf(code)).toBe('soon');
  }
});
