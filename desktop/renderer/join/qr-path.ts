import { encode } from 'uqr';

/** Modules of white around the code (ISO/IEC 18004 asks for four). */
export const QUIET_ZONE = 4;

/** A QR code as one SVG path: one unit is one module, the quiet zone included in `size`. */
export interface QrPath {
  readonly size: number;
  readonly path: string;
}

/** Draws a text as a QR code. Error correction M: screens have glare, but no scratches. */
export function qrPath(text: string): QrPath {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const runs: string[] = [];
  for (const [y, row] of data.entries()) {
    let x = 0;
    while (x < row.length) {
      const start = x;
      while (row[x] === true) x += 1;
      // One rectangle for each run of dark modules: no seams between neighbors.
      if (x > start) runs.push(`M${start} ${y}h${x - start}v1h-${x - start}z`);
      else x += 1;
    }
  }
  return { size, path: runs.join('') };
}
