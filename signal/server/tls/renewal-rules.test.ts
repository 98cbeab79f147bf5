import { expect, test } from 'vitest';
import { DAY_MS } from '../testing/test-certificates';
import { leafNotAfterMs, reissueReason } from './renewal-rules';

const BORN_MS = Date.UTC(2026, 0, 1);
const ROOT_END_MS = BORN_MS + 3_650 * DAY_MS;
const leaf = {
  notBeforeMs: BORN_MS - DAY_MS,
  notAfterMs: leafNotAfterMs(BORN_MS, ROOT_END_MS),
  hosts: ['localhost', '10.0.0.2'],
};

function reasonAt(nowMs: number, hosts = leaf.hosts, rootNotAfterMs = ROOT_END_MS) {
  return reissueReason(leaf, { nowMs, hosts, rootNotAfterMs });
}

test('a leaf is good until 30 days before its end', () => {
  expect(reasonAt(BORN_MS)).toBeUndefined();
  expect(reasonAt(leaf.notAfterMs - 30 * DAY_MS)).toBeUndefined();
  expect(reasonAt(leaf.notAfterMs - 30 * DAY_MS + 1)).toBe('ending');
  expect(reasonAt(leaf.notAfterMs + DAY_MS)).toBe('ending');
});

test('an address that came or went makes another, their order does not', () => {
  expect(reasonAt(BORN_MS, ['10.0.0.2', 'localhost'])).toBeUndefined();
  expect(reasonAt(BORN_MS, ['localhost', '10.0.0.2', '10.0.0.3'])).toBe('addresses changed');
  expect(reasonAt(BORN_MS, ['localhost'])).toBe('addresses changed');
});

test('a clock that was set back makes another', () => {
  expect(reasonAt(BORN_MS - 2 * DAY_MS)).toBe('not yet valid');
});

test('a leaf that ends with its root is not made again and again', () => {
  expect(reasonAt(leaf.notAfterMs - DAY_MS, leaf.hosts, leaf.notAfterMs)).toBeUndefined();
  expect(leafNotAfterMs(leaf.notAfterMs - DAY_MS, leaf.notAfterMs)).toBe(leaf.notAfterMs);
});
