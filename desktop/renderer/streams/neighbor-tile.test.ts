import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeTiles } from './arrange-tiles';
import { neighborTile, type Direction } from './neighbor-tile';

const wall = { width: 1424, height: 832 };
const LANDSCAPE = 16 / 9;
const nine = arrangeTiles(wall, 8, Array<number>(9).fill(LANDSCAPE));
const five = arrangeTiles(wall, 8, Array<number>(5).fill(LANDSCAPE));

describe('neighborTile', () => {
  it.each<[number, Direction, number | undefined]>([
    [4, 'left', 3],
    [4, 'right', 5],
    [4, 'up', 1],
    [4, 'down', 7],
    [0, 'left', undefined],
    [0, 'up', undefined],
    [8, 'right', undefined],
    [8, 'down', undefined],
    [2, 'right', undefined],
    [3, 'left', undefined],
  ])('of nine tiles, from %i to the %s is %s', (from, direction, expected) => {
    expect(neighborTile(nine, from, direction)).toBe(expected);
  });

  it('goes to the tile most nearly above or below in rows of different lengths', () => {
    // Two on top, three below.
    expect(neighborTile(five, 0, 'down')).toBe(2);
    expect(neighborTile(five, 1, 'down')).toBe(4);
    expect(neighborTile(five, 2, 'up')).toBe(0);
    expect(neighborTile(five, 4, 'up')).toBe(1);
  });

  it('knows no neighbor of a tile that is not there', () => {
    expect(neighborTile(nine, 42, 'left')).toBeUndefined();
    expect(neighborTile([], 0, 'down')).toBeUndefined();
  });

  it('reaches every tile by arrow keys, whatever their shapes', () => {
    const directions: Direction[] = ['left', 'right', 'up', 'down'];
    const shapes = fc.array(fc.constantFrom(LANDSCAPE, 9 / 16, 1), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(shapes, (aspects) => {
        const rects = arrangeTiles(wall, 8, aspects);
        const reached = new Set([0]);
        for (const from of reached) {
          for (const direction of directions) {
            const next = neighborTile(rects, from, direction);
            if (next !== undefined) reached.add(next);
          }
        }
        expect(reached.size).toBe(aspects.length);
      }),
    );
  });
});
