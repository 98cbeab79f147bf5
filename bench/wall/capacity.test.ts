import { describe, expect, it } from 'vitest';
import { keepsPace } from './capacity';
import type { WallWindow } from './wall-side';

function wallOf(decoded: readonly number[], presented: readonly number[]): WallWindow {
  return { load: 90, decoded, presented, droppedPercent: 0, width: 640 };
}

describe('a wall keeps pace', () => {
  it('where all tiles decode, and half of them present, 19 of 20 pictures', () => {
    expect(keepsPace([wallOf([15, 15, 14.5], [15, 14.3, 9])])).toBe(true);
  });

  it('unless one of them decodes fewer', () => {
    expect(keepsPace([wallOf([15, 15, 14], [15, 15, 15])])).toBe(false);
  });

  it('unless most of them present fewer', () => {
    expect(keepsPace([wallOf([15, 15, 15], [15, 14, 14])])).toBe(false);
  });

  it('unless it is catching up with what came before', () => {
    expect(keepsPace([wallOf([30, 15, 15], [15, 15, 15])])).toBe(false);
  });

  it('though it fell behind in one window of three', () => {
    const good = wallOf([15, 15], [15, 15]);
    expect(keepsPace([good, wallOf([9, 9], [9, 9]), good])).toBe(true);
  });
});
