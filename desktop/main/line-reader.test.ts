import { describe, expect, it } from 'vitest';
import { createLineReader } from './line-reader';

describe('createLineReader', () => {
  it('puts lines together from chunks and skips empty ones', () => {
    const lines: string[] = [];
    const read = createLineReader((line) => lines.push(line));
    for (const chunk of ['on', 'e\r\n\ntw', 'o\nthree']) read(chunk);
    expect(lines).toEqual(['one', 'two']);
    read('\n');
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('does not keep a line that never ends', () => {
    const lines: string[] = [];
    const read = createLineReader((line) => lines.push(line));
    for (let chunk = 0; chunk < 100; chunk += 1) read('x'.repeat(10_000));
    expect(lines.length).toBeGreaterThan(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80_000);
  });
});
