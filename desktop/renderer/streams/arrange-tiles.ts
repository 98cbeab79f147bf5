/**
 * Where every tile of the wall goes: pure arithmetic, no DOM.
 *
 * Tiles keep their order and stand in rows, as words stand in lines. Within a row all tiles have
 * the same height, and each is as wide as its own picture asks, so that a portrait phone fills its
 * tile as a landscape one does. For every number of rows the tiles are shared out as evenly as
 * their order allows; then the rows grow together until the width of a row or the height of the
 * wall stops them. The number of rows with the largest pictures wins.
 */

/** A tile's place on the wall, in CSS pixels from the wall's top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WallSize {
  readonly width: number;
  readonly height: number;
}

/** Pictures wider or narrower than this are treated as this: no tile becomes a hairline. */
const WIDEST_ASPECT = 3;
const NARROWEST_ASPECT = 0.4;

/** One row more must enlarge the pictures by this factor: few rows are easier to read. */
const WORTH_ANOTHER_ROW = 1.05;

/**
 * Places one tile for each aspect ratio (width divided by height), in the given order.
 * @param gap space between neighboring tiles, in CSS pixels.
 * @returns one rectangle each, on whole pixels; of no size while the wall itself has none.
 */
export function arrangeTiles(wall: WallSize, gap: number, aspects: readonly number[]): Rect[] {
  const shapes = aspects.map((aspect) =>
    Math.min(WIDEST_ASPECT, Math.max(NARROWEST_ASPECT, aspect)),
  );
  let best: { rows: number[][]; heights: number[]; worth: number } | undefined;
  for (let count = 1; count <= shapes.length; count += 1) {
    const rows = shareOut(shapes, count);
    const heights = rowHeights(wall, gap, rows);
    const worth = pictureSize(rows, heights);
    if (best === undefined || worth > best.worth * WORTH_ANOTHER_ROW) {
      best = { rows, heights, worth };
    }
  }
  return best === undefined ? [] : place(wall, gap, best.rows, best.heights);
}

/**
 * Splits the sequence into `count` rows whose summed aspect ratios differ least (sum of squares,
 * by dynamic programming over prefixes). Of equal splits the one with fewer tiles on top wins: the
 * first streams get the larger pictures.
 */
function shareOut(shapes: readonly number[], count: number): number[][] {
  const total = shapes.length;
  const sums = [0];
  for (const shape of shapes) sums.push((sums.at(-1) ?? 0) + shape);
  const widthOf = (from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0);

  // costs[end]: least cost of putting the first `end` tiles into the rows so far.
  let costs = Array.from({ length: total + 1 }, (_, end) =>
    end === 0 ? Infinity : widthOf(0, end) ** 2,
  );
  const startsPerRow: number[][] = [];
  for (let row = 2; row <= count; row += 1) {
    const next = Array.from({ length: total + 1 }, () => Infinity);
    const starts = Array.from({ length: total + 1 }, () => row - 1);
    for (let end = row; end <= total; end += 1) {
      for (let start = row - 1; start < end; start += 1) {
        const cost = (costs[start] ?? Infinity) + widthOf(start, end) ** 2;
        if (cost < (next[end] ?? Infinity) - 1e-9) {
          next[end] = cost;
          starts[end] = start;
        }
      }
    }
    costs = next;
    startsPerRow.push(starts);
  }

  const rows: number[][] = [];
  let end = total;
  for (const starts of startsPerRow.reverse()) {
    const start = starts[end] ?? 0;
    rows.unshift(shapes.slice(start, end));
    end = start;
  }
  rows.unshift(shapes.slice(0, end));
  return rows;
}

/**
 * Rows grow together. One that has reached the wall's width stays there, and leaves what is left
 * of the wall's height to the others.
 */
function rowHeights(wall: WallSize, gap: number, rows: readonly number[][]): number[] {
  const ceilings = rows.map((row) =>
    Math.max(0, (wall.width - gap * (row.length - 1)) / sumOf(row)),
  );
  let left = Math.max(0, wall.height - gap * (rows.length - 1));
  let open = rows.length;
  let level = 0;
  for (const ceiling of [...ceilings].sort((a, b) => a - b)) {
    level = Math.max(level, Math.min(ceiling, left / open));
    left -= Math.min(ceiling, left / open);
    open -= 1;
  }
  return ceilings.map((ceiling) => Math.min(ceiling, level));
}

/**
 * How large the pictures are together: the sum of the square roots of their areas. Compared with
 * plain area, a pixel is worth more to a small picture than to a large one.
 */
function pictureSize(rows: readonly number[][], heights: readonly number[]): number {
  return sumOf(
    rows.map((row, index) => (heights[index] ?? 0) * sumOf(row.map((shape) => Math.sqrt(shape)))),
  );
}

/** Centers the rows on the wall. Edges are rounded, not sizes, so that gaps stay even. */
function place(
  wall: WallSize,
  gap: number,
  rows: readonly number[][],
  heights: readonly number[],
): Rect[] {
  const rects: Rect[] = [];
  let top = (wall.height - sumOf(heights) - gap * (rows.length - 1)) / 2;
  for (const [index, row] of rows.entries()) {
    const height = heights[index] ?? 0;
    let start = (wall.width - height * sumOf(row) - gap * (row.length - 1)) / 2;
    for (const shape of row) {
      const x = Math.round(start);
      const y = Math.round(top);
      rects.push({
        x,
        y,
        width: Math.max(0, Math.round(start + height * shape) - x),
        height: Math.max(0, Math.round(top + height) - y),
      });
      start += height * shape + gap;
    }
    top += height + gap;
  }
  return rects;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
