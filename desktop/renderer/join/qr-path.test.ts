import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { QUIET_ZONE, qrPath } from './qr-path';

/** Paints the path's rectangles back onto modules. */
function paint({ size, path }: ReturnType<typeof qrPath>): boolean[][] {
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/gu)) {
    modules[Number(y)]!.fill(true, Number(x), Number(x) + Number(length));
  }
  return modules;
}

describe('qrPath', () => {
  it('draws exactly the dark modules of the code', () => {
    const url = 'https://192.168.1.20:8443/stream';
    const code = encode(url, { ecc: 'M', border: QUIET_ZONE });
    const drawn = qrPath(url);
    expect(drawn.size).toBe(code.size);
    expect(paint(drawn)).toEqual(code.data);
  });

  it('leaves the quiet zone white', () => {
    const modules = paint(qrPath('http://localhost:8443/stream'));
    const edge = [...modules.slice(0, QUIET_ZONE), ...modules.slice(-QUIET_ZONE)];
    expect(edge.flat()).not.toContain(true);
    expect(modules.every((row) => !row.slice(0, QUIET_ZONE).includes(true))).toBe(true);
  });
});
