import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeTiles, type Rect } from './arrange-tiles';

const LANDSCAPE = 16 / 9;
const PORTRAIT = 9 / 16;
const GAP = 8;

const walls = fc.record({
  width: fc.integer({ min: 600, max: 3840 }),
  height: fc.integer({ min: 400, max: 2160 }),
});
const shapes = fc.array(fc.constantFrom(LANDSCAPE, PORTRAIT, 4 / 3, 3 / 4, 1), {
  minLength: 1,
  maxLength: 40,
});

function rowsOf(rects: readonly Rect[]): number[] {
  const counts = new Map<number, number>();
  for (const { y } of rects) counts.set(y, (counts.get(y) ?? 0) + 1);
  return [...counts.values()];
}

function areaUsed(wall: { width: number; height: number }, rects: readonly Rect[]): number {
  const area = rects.reduce((sum, { width, height }) => sum + width * height, 0);
  return area / (wall.width * wall.height);
}

/** Area of the best grid of equal cells, which is what a wall without thought would do. */
function bestGridArea(wall: { width: number; height: number }, aspects: readonly number[]): number {
  let best = 0;
  for (let columns = 1; columns <= aspects.length; columns += 1) {
    const rows = Math.ceil(aspects.length / columns);
    const width = Math.max(0, (wall.width - GAP * (columns - 1)) / columns);
    const height = Math.max(0, (wall.height - GAP * (rows - 1)) / rows);
    const area = aspects.reduce((sum, aspect) => {
      const tileHeight = Math.min(height, width / aspect);
      return sum + tileHeight * tileHeight * aspect;
    }, 0);
    best = Math.max(best, area / (wall.width * wall.height));
  }
  return best;
}

describe('arrangeTiles', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [3, [1, 2]],
    [4, [2, 2]],
    [5, [2, 3]],
    [6, [3, 3]],
    [9, [3, 3, 3]],
    [16, [4, 4, 4, 4]],
    [25, [5, 5, 5, 5, 5]],
  ])('puts %i landscape pictures into rows of %j', (count, expected) => {
    for (const wall of [
      { width: 1424, height: 832 },
      { width: 1904, height: 1012 },
    ]) {
      const rects = arrangeTiles(wall, GAP, Array<number>(count).fill(LANDSCAPE));
      expect(rowsOf(rects)).toEqual(expected);
    }
  });

  it.each([
    [1, 0.9],
    [2, 0.45],
    [3, 0.7],
    [5, 0.75],
    [9, 0.9],
    [16, 0.9],
    [25, 0.9],
  ])('fills the window with %i landscape pictures to at least %d', (count, least) => {
    const wall = { width: 1424, height: 832 };
    const rects = arrangeTiles(wall, GAP, Array<number>(count).fill(LANDSCAPE));
    expect(areaUsed(wall, rects)).toBeGreaterThan(least);
  });

  it('shows portrait phones as tall as their landscape neighbors', () => {
    const rects = arrangeTiles({ width: 1424, height: 832 }, GAP, [
      LANDSCAPE,
      PORTRAIT,
      LANDSCAPE,
      PORTRAIT,
      LANDSCAPE,
    ]);
    const [first, second] = rects;
    expect(second!.height).toBe(first!.height);
    expect(second!.width / second!.height).toBeCloseTo(PORTRAIT, 2);
  });

  it('puts four portrait phones beside each other', () => {
    const rects = arrangeTiles({ width: 1424, height: 832 }, GAP, Array<number>(4).fill(PORTRAIT));
    expect(rowsOf(rects)).toEqual([4]);
  });

  it('has nothing to place without tiles, and no negative sizes on a wall without size', () => {
    expect(arrangeTiles({ width: 800, height: 600 }, GAP, [])).toEqual([]);
    for (const rect of arrangeTiles({ width: 0, height: 0 }, GAP, [1, 1, 1])) {
      expect(rect).toMatchObject({ width: 0, height: 0 });
    }
  });

  it('keeps every tile inside the wall', () => {
    fc.assert(
      fc.property(walls, shapes, (wall, aspects) => {
        for (const { x, y, width, height } of arrangeTiles(wall, GAP, aspects)) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(wall.width);
          expect(y + height).toBeLessThanOrEqual(wall.height);
        }
      }),
    );
  });

  it('never lets tiles overlap, and reads in order', () => {
    fc.assert(
      fc.property(walls, shapes, (wall, aspects) => {
        const rects = arrangeTiles(wall, GAP, aspects);
        expect(rects).toHaveLength(aspects.length);
        for (const [index, next] of rects.entries()) {
          const rect = rects[index - 1];
          if (rect === undefined) continue;
          const isBeside = next.y === rect.y && next.x >= rect.x + rect.width;
          const isBelow = next.y >= rect.y + rect.height;
          expect(isBeside || isBelow).toBe(true);
        }
      }),
    );
  });

  it('keeps every picture’s shape to the pixel', () => {
    fc.assert(
      fc.property(walls, shapes, (wall, aspects) => {
        for (const [index, { width, height }] of arrangeTiles(wall, GAP, aspects).entries()) {
          const aspect = aspects[index]!;
          // Both edges are rounded: one pixel in width, and one in height as seen in width.
          expect(Math.abs(width - height * aspect)).toBeLessThanOrEqual(1 + aspect);
        }
      }),
    );
  });

  it('shows same-shaped pictures no smaller than the best grid of equal cells', () => {
    fc.assert(
      fc.property(
        walls,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(LANDSCAPE, PORTRAIT),
        (wall, count, aspect) => {
          const aspects = Array<number>(count).fill(aspect);
          const used = areaUsed(wall, arrangeTiles(wall, GAP, aspects));
          // Fewer rows are taken for up to 5 % in length, which is 10 % in area.
          expect(used).toBeGreaterThan(bestGridArea(wall, aspects) * 0.89);
        },
      ),
    );
  });

  it('beats the grid of equal cells clearly where shapes are mixed', () => {
    const wall = { width: 1424, height: 832 };
    const aspects = [LANDSCAPE, PORTRAIT, LANDSCAPE, PORTRAIT, LANDSCAPE];
    const used = areaUsed(wall, arrangeTiles(wall, GAP, aspects));
    expect(used).toBeGreaterThan(bestGridArea(wall, aspects) * 1.2);
  });
});
