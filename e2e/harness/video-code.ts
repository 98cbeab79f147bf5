/**
 * The machine-readable part of a test video: which phone it belongs to and which frame it is, as
 * black and white cells along its upper edge. The generator draws by these numbers, and the reader
 * inside the page gets them as an argument.
 *
 * A quiet column stands left and right, a quiet row above and below. The second row repeats the
 * first inverted, so that a picture that is torn, scaled beyond reading or not ours reads as
 * nothing rather than as a wrong number.
 */

/** Places in the picture: columns over its width, heights in eighteenths of its height. */
export const VIDEO_CODE = {
  /** Bits of the phone's number, then bits of the frame's; most significant first. */
  phoneBits: 5,
  frameBits: 11,
  /** One cell a bit and the two quiet columns. */
  columns: 18,
  /** Rows of the picture's height. */
  rows: 18,
  /** Top and bottom of the cells and of their inverted repetition, in rows. */
  cells: [1, 2.5],
  inverted: [2.5, 4],
  /** Below this row the picture has the phone's own hue. */
  body: 6,
} as const;

/** Shape of {@link VIDEO_CODE}, as it is passed into pages. */
export type VideoCode = typeof VIDEO_CODE;

/** Hues that can be told apart, 45 degrees from one another; the ninth phone has the first again. */
const HUE_COUNT = 8;

/** A phone's own color as an angle on the color wheel, in degrees. */
export function hueOfPhone(phone: number): number {
  return ((phone % HUE_COUNT) * 360) / HUE_COUNT;
}

/** Shortest way between two hues, in degrees. */
export function hueDistance(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}
