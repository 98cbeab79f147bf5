import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRange } from './byte-range';

test.each([
  ['bytes=0-0', { start: 0, end: 1 }],
  ['bytes=2-4', { start: 2, end: 5 }],
  ['bytes=2-', { start: 2, end: 10 }],
  ['bytes=9-99', { start: 9, end: 10 }],
  ['bytes=-3', { start: 7, end: 10 }],
  ['bytes=-99', { start: 0, end: 10 }],
  ['Bytes= 1-2', { start: 1, end: 3 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=99-100', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-2', undefined],
  ['bytes=0-1,3-4', undefined],
  ['bytes=-', undefined],
  ['bytes=x-2', undefined],
  ['bytes=1', undefined],
  ['items=0-1', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j of ten bytes', (header, range) => {
  expect(readRange(header, 10)).toEqual(range);
});

test('nothing of an empty file can be had', () => {
  for (const header of ['bytes=0-', 'bytes=-5']) expect(readRange(header, 0)).toBe('unsatisfiable');
});

test('a range never leaves the file and is never empty', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.option(fc.nat())).map(([a, b]) => `bytes=${a}-${b ?? ''}`),
    fc.nat().map((length) => `bytes=-${length}`),
  );
  fc.assert(
    fc.property(header, fc.nat({ max: 5_000 }), (text, size) => {
      const range = readRange(text, size);
      if (typeof range !== 'object') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThan(range.end);
      expect(range.end).toBeLessThanOrEqual(size);
    }),
  );
});
