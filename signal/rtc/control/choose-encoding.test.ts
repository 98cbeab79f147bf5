import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quality, Viewport } from '../../protocol/control';
import { chooseEncoding, type CaptureShape, type EncodingLimits } from './choose-encoding';

const LIMITS: EncodingLimits = {
  maxBitrateBps: 2_500_000,
  maxFramerate: 30,
  preference: 'maintain-framerate',
};
const CAPTURE: CaptureShape = { width: 1280, height: 720 };

function viewport(width: number, height: number, more: Partial<Viewport> = {}): Viewport {
  return { width, height, isVisible: true, ...more };
}

function preset(name: 'auto' | 'data-saver' | 'sharp' | 'smooth', isPinned = false): Quality {
  return { wish: { kind: 'preset', preset: name }, isPinned };
}

function choose(
  wishes: { viewport?: Viewport; quality?: Quality },
  capture = CAPTURE,
): { size: string; encoding: ReturnType<typeof chooseEncoding>['encoding']; preference: string } {
  const chosen = chooseEncoding(
    capture,
    { viewport: wishes.viewport, quality: wishes.quality },
    LIMITS,
  );
  const { scaleResolutionDownBy: scale } = chosen.encoding;
  const size = `${Math.floor(capture.width / scale)}x${Math.floor(capture.height / scale)}`;
  return { size, ...chosen };
}

describe('a viewer', () => {
  it('that has told nothing is sent everything', () => {
    expect(choose({})).toEqual({
      size: '1280x720',
      preference: 'maintain-framerate',
      encoding: {
        isActive: true,
        scaleResolutionDownBy: 1,
        maxBitrateBps: 2_500_000,
        maxFramerate: 30,
      },
    });
  });

  it.each([
    ['640x360', viewport(640, 360), CAPTURE],
    ['320x180', viewport(320, 180), CAPTURE],
    // A square tile shows a wide picture no wider than itself.
    ['640x360', viewport(640, 640), CAPTURE],
    // 853 is no even number.
    ['860x484', viewport(854, 480), CAPTURE],
    ['206x366', viewport(640, 360), { width: 720, height: 1280 }],
    ['160x90', viewport(16, 9), CAPTURE],
    ['1280x720', viewport(3840, 2160), CAPTURE],
    ['1280x720', viewport(1200, 675), CAPTURE],
    ['80x60', viewport(10, 10), { width: 80, height: 60 }],
  ])('is sent %s for %o', (size, shown, capture) => {
    expect(choose({ viewport: shown }, capture).size).toBe(size);
  });

  it('is sent fewer bits for a smaller picture, and all for the whole one', () => {
    const bits = [1280, 640, 320].map(
      (width) => choose({ viewport: viewport(width, (width * 9) / 16) }).encoding.maxBitrateBps,
    );
    expect(bits).toEqual([2_500_000, 883_883, 312_500]);
  });

  it('is sent nothing while it shows nothing', () => {
    expect(choose({ viewport: viewport(640, 360, { isVisible: false }) }).encoding.isActive).toBe(
      false,
    );
    expect(choose({ viewport: viewport(0, 0) }).encoding.isActive).toBe(false);
  });

  it('is sent no more pictures than are of use to it', () => {
    const { encoding } = choose({ viewport: viewport(640, 360, { maxFramerate: 10 }) });
    expect(encoding.maxFramerate).toBe(10);
    expect(encoding.maxBitrateBps).toBeLessThan(500_000);
  });

  it('is sent as many as the camera gives', () => {
    const capture = { ...CAPTURE, framesPerSecond: 60 };
    expect(choose({ viewport: viewport(1280, 720) }, capture).encoding.maxFramerate).toBe(60);
  });
});

describe('a quality', () => {
  const tile = viewport(640, 360);

  it('saves data, keeps sharp or keeps smooth', () => {
    const wall = viewport(1280, 720);
    expect(choose({ viewport: wall, quality: preset('data-saver') })).toMatchObject({
      size: '640x360',
      encoding: { maxFramerate: 15, maxBitrateBps: 315_336 },
    });
    expect(choose({ viewport: tile, quality: preset('sharp') })).toMatchObject({
      size: '1280x720',
      preference: 'maintain-resolution',
    });
    expect(choose({ viewport: wall, quality: preset('smooth') })).toMatchObject({
      size: '960x540',
      preference: 'maintain-framerate',
    });
    expect(choose({ viewport: tile, quality: preset('auto') }).size).toBe('640x360');
  });

  it('may be exact in some, and follows the tile in the rest', () => {
    const quality: Quality = {
      wish: { kind: 'exact', scale: 0.25, maxFramerate: 12 },
      isPinned: false,
    };
    const { size, encoding } = choose({ viewport: tile, quality });
    expect(size).toBe('320x180');
    expect(encoding.maxFramerate).toBe(12);
    const bits: Quality = { wish: { kind: 'exact', maxBitrateBps: 99_000_000 }, isPinned: false };
    expect(choose({ viewport: tile, quality: bits })).toMatchObject({
      size: '640x360',
      encoding: { maxBitrateBps: 8_000_000 },
    });
  });

  it('that is pinned heeds no tile, not even a hidden one', () => {
    const hidden = viewport(64, 36, { isVisible: false, maxFramerate: 1 });
    expect(choose({ viewport: hidden, quality: preset('auto', true) })).toMatchObject({
      size: '1280x720',
      encoding: { isActive: true, maxFramerate: 30 },
    });
  });
});

it('never enlarges, never sends a sliver, and fills the tile', () => {
  const side = fc.integer({ min: 1, max: 4_000 });
  fc.assert(
    fc.property(side, side, side, side, (width, height, tileWidth, tileHeight) => {
      const { encoding } = choose({ viewport: viewport(tileWidth, tileHeight) }, { width, height });
      const { scaleResolutionDownBy: scale, maxBitrateBps } = encoding;
      expect(scale).toBeGreaterThanOrEqual(1);
      expect(maxBitrateBps).toBeGreaterThanOrEqual(100_000);
      const least = Math.min(width, height, 90);
      expect(Math.floor(Math.min(width, height) / scale)).toBeGreaterThanOrEqual(least);
      // It has no fewer pixels than the tile has room for.
      const wanted = Math.max(1, width / tileWidth, height / tileHeight);
      expect(scale).toBeLessThanOrEqual(wanted * 1.001);
      if (scale > 1) {
        for (const divided of [width / scale, height / scale]) {
          expect(Math.floor(divided) % 2).toBe(0);
          expect(Math.round(divided) % 2).toBe(0);
        }
      }
    }),
  );
});
