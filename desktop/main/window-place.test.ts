import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, type Rectangle } from './window-place';

const laptop: Rectangle = { x: 0, y: 25, width: 1920, height: 1055 };
const wall: Rectangle = { x: 1920, y: -200, width: 2560, height: 1440 };

const remembered = (rectangle: Rectangle) => ({
  ...rectangle,
  isMaximized: false,
  isFullScreen: false,
});

describe('placeWindow', () => {
  it('centers a first window', () => {
    expect(placeWindow(undefined, [laptop, wall])).toEqual({
      x: 240,
      y: 103,
      width: 1440,
      height: 900,
    });
  });

  it('fits a first window to a small screen', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(placeWindow(undefined, [small])).toEqual(small);
  });

  it('puts the window back on the second screen', () => {
    const place = { x: 2000, y: 100, width: 1600, height: 900 };
    expect(placeWindow(remembered(place), [laptop, wall])).toEqual(place);
  });

  it('comes home when that screen has been unplugged', () => {
    const place = { x: 2000, y: 100, width: 1600, height: 900 };
    expect(placeWindow(remembered(place), [laptop])).toMatchObject({ x: 240, width: 1440 });
  });

  it('always leaves a grip of the title bar on a screen', () => {
    const coordinate = fc.integer({ min: -100_000, max: 100_000 });
    const extent = fc.integer({ min: 1, max: 100_000 });
    const any = fc.record({ x: coordinate, y: coordinate, width: extent, height: extent });
    fc.assert(
      fc.property(any, fc.boolean(), (rectangle, hasWall) => {
        const areas = hasWall ? [laptop, wall] : [laptop];
        const place = placeWindow(remembered(rectangle), areas);
        const isReachable = areas.some(
          (area) =>
            Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x) >=
              120 &&
            place.y >= area.y &&
            place.y < area.y + area.height,
        );
        expect(isReachable).toBe(true);
        expect(place.width).toBeGreaterThanOrEqual(640);
        expect(place.height).toBeGreaterThanOrEqual(400);
      }),
    );
  });
});
