/** Which tile an arrow key leads to: pure arithmetic over the wall's rectangles. */
import type { Rect } from './arrange-tiles';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Being out of line counts this much more than being far away. */
const OUT_OF_LINE_WEIGHT = 3;

/**
 * Finds the tile nearest in a direction, those in line with the present one first.
 * @returns its index, or undefined at the edge of the wall.
 */
export function neighborTile(
  rects: readonly Rect[],
  from: number,
  direction: Direction,
): number | undefined {
  const origin = rects[from];
  if (origin === undefined) return undefined;
  let nearest: { index: number; distance: number } | undefined;
  for (const [index, rect] of rects.entries()) {
    if (index === from) continue;
    const ahead = distanceAhead(origin, rect, direction);
    if (ahead <= 0) continue;
    const distance = ahead + OUT_OF_LINE_WEIGHT * distanceAside(origin, rect, direction);
    if (distance < (nearest?.distance ?? Infinity)) nearest = { index, distance };
  }
  return nearest?.index;
}

/** From center to center along the direction; negative for what lies behind. */
function distanceAhead(origin: Rect, rect: Rect, direction: Direction): number {
  switch (direction) {
    case 'left':
      return centerX(origin) - centerX(rect);
    case 'right':
      return centerX(rect) - centerX(origin);
    case 'up':
      return origin.y - rect.y;
    case 'down':
      return rect.y - origin.y;
  }
}

/** How far the centers are apart across the direction. Tiles beside each other share their row. */
function distanceAside(origin: Rect, rect: Rect, direction: Direction): number {
  if (direction === 'up' || direction === 'down') return Math.abs(centerX(origin) - centerX(rect));
  // Another row is never "beside": only the row's own tiles are reached sideways.
  return rect.y === origin.y ? 0 : Infinity;
}

function centerX(rect: Rect): number {
  return rect.x + rect.width / 2;
}
