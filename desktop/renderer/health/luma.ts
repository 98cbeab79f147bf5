/** How bright a picture is, from a few of its pixels. */

/** Brightness of a picture, 0 (black) to 255. */
export interface Luma {
  readonly mean: number;
  /** Standard deviation: near 0 where everything has one brightness. */
  readonly deviation: number;
}

/**
 * Measures pixels as `getImageData` gives them.
 * @param pixels red, green, blue and alpha of each, 0 to 255.
 */
export function lumaOf(pixels: Uint8ClampedArray): Luma {
  const count = Math.floor(pixels.length / 4);
  return lumaOfLevels(
    Array.from({ length: count }, (_, pixel) => {
      const at = pixel * 4;
      return brightness(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    }),
  );
}

/** Measures levels of brightness; what lies beyond 0 to 255 counts as black or white. */
export function lumaOfLevels(levels: readonly number[]): Luma {
  const count = levels.length;
  if (count === 0) return { mean: 0, deviation: 0 };
  let sum = 0;
  let squares = 0;
  for (const level of levels) {
    const luma = Math.min(255, Math.max(0, level));
    sum += luma;
    squares += luma * luma;
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Luma of ITU-R BT.709. */
function brightness(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
