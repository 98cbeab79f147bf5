/** Draws rows of the timeline on a canvas. Every look differs in height and pattern, not in color alone. */
import type { Look, Row } from './row-pieces';

/** Height of a row, in CSS pixels. */
export const ROW_PX = 30;

/** Height of what a row draws; the rest is air. */
const BAR_PX = 18;

/** Part of the height that a look fills, from below. */
const HEIGHTS: Readonly<Record<Look, number>> = {
  connecting: 0.2,
  good: 1,
  fair: 0.7,
  poor: 0.42,
  frozen: 1,
  dropped: 1,
};

/** Of the design's palette, and what is drawn over it. */
const LOOK_COLORS: Readonly<Record<Look, readonly [ground: string, pattern: string]>> = {
  connecting: ['#93a0b4', '#93a0b4'],
  good: ['#2c9c6a', '#2c9c6a'],
  fair: ['#ffb224', '#8f6008'],
  poor: ['#ff7a45', '#8a2f10'],
  frozen: ['#16324f', '#4ea1ff'],
  dropped: ['#3a1215', '#ff4d4f'],
};

const TILE_PX = 8;

/** Draws one tile of a look's pattern. */
const PATTERNS: Readonly<Partial<Record<Look, (context: CanvasRenderingContext2D) => void>>> = {
  fair: (context) => stroke(context, [-2, 10, 10, -2]),
  poor: (context) => context.fillRect(2, 2, 3, 3),
  frozen: (context) => context.fillRect(2, 0, 2, TILE_PX),
  dropped: (context) => {
    stroke(context, [0, 0, TILE_PX, TILE_PX]);
    stroke(context, [0, TILE_PX, TILE_PX, 0]);
  },
};

function stroke(
  context: CanvasRenderingContext2D,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

/** What fills a look; patterns are made once for each canvas. */
export type Fills = Readonly<Record<Look, string | CanvasPattern>>;

/** Makes the fills of a canvas. */
export function makeFills(context: CanvasRenderingContext2D): Fills {
  const fill = (look: Look): string | CanvasPattern => {
    const [ground, over] = LOOK_COLORS[look];
    const draw = PATTERNS[look];
    const tile = document.createElement('canvas');
    tile.width = TILE_PX;
    tile.height = TILE_PX;
    const on = tile.getContext('2d');
    if (draw === undefined || on === null) return ground;
    on.fillStyle = ground;
    on.fillRect(0, 0, TILE_PX, TILE_PX);
    on.fillStyle = over;
    on.strokeStyle = over;
    on.lineWidth = 1.6;
    draw(on);
    return context.createPattern(tile, 'repeat') ?? ground;
  };
  return {
    connecting: fill('connecting'),
    good: fill('good'),
    fair: fill('fair'),
    poor: fill('poor'),
    frozen: fill('frozen'),
    dropped: fill('dropped'),
  };
}

/** Draws the sample of a look that a legend shows. */
export function drawLook(
  context: CanvasRenderingContext2D,
  fills: Fills,
  look: Look,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): void {
  const height = Math.round(box.height * HEIGHTS[look]);
  context.fillStyle = fills[look];
  context.fillRect(box.x, box.y + box.height - height, box.width, height);
}

/** Draws all rows, from the top. Sizes are CSS pixels; the context is scaled already. */
export function drawRows(
  context: CanvasRenderingContext2D,
  fills: Fills,
  rows: readonly Row[],
  width: number,
): void {
  context.clearRect(0, 0, width, rows.length * ROW_PX);
  for (const [index, { pieces, marks }] of rows.entries()) {
    const y = index * ROW_PX + (ROW_PX - BAR_PX) / 2;
    context.fillStyle = 'rgb(255 255 255 / 5%)';
    context.fillRect(0, y + BAR_PX - 1, width, 1);
    for (const { start, end, look } of pieces) {
      drawLook(context, fills, look, { x: start, y, width: end - start, height: BAR_PX });
    }
    for (const { x, kind } of marks) drawMark(context, x, y, kind);
  }
}

/** A flag to the right where a stream joined, a bar with a foot to the left where it ended. */
function drawMark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  kind: 'joined' | 'ended',
): void {
  context.fillStyle = '#e8edf5';
  context.fillRect(x - 1, y - 4, 2, BAR_PX + 4);
  context.beginPath();
  if (kind === 'joined') {
    context.moveTo(x, y - 4);
    context.lineTo(x + 7, y - 1);
    context.lineTo(x, y + 2);
  } else context.rect(x - 6, y - 4, 6, 5);
  context.fill();
}
