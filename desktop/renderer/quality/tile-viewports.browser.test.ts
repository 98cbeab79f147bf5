/** Sizes and sight of tiles in a real browser. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Viewport } from '../../../signal/protocol/control';
import { TileViewports } from './tile-viewports';

let viewports: TileViewports;
let told: Map<string, Viewport>;
let scroller: HTMLElement;
let tile: HTMLElement;

beforeEach(() => {
  told = new Map();
  viewports = new TileViewports({
    view: window,
    tell: (streamId, viewport) => told.set(streamId, viewport),
  });
  scroller = document.createElement('div');
  scroller.style.cssText = 'height: 300px; overflow: auto; position: relative';
  tile = document.createElement('div');
  tile.style.cssText = 'width: 160px; height: 90px; margin-bottom: 1000px';
  scroller.append(tile);
  document.body.append(scroller);
});

afterEach(() => {
  viewports.close();
  viewports.close();
  scroller.remove();
});

const shown = (width: number, height: number, isVisible = true): Viewport => ({
  width: Math.round(width * devicePixelRatio),
  height: Math.round(height * devicePixelRatio),
  isVisible,
});

describe('TileViewports', () => {
  it('tells the size in device pixels, and each other size', async () => {
    viewports.add('a', tile);
    await expect.poll(() => told.get('a')).toEqual(shown(160, 90));
    tile.style.width = '320px';
    await expect.poll(() => told.get('a')).toEqual(shown(320, 90));
  });

  it('tells that a tile is scrolled out of sight, and back', async () => {
    viewports.add('a', tile);
    await expect.poll(() => told.get('a')?.isVisible).toBe(true);
    scroller.scrollTop = 400;
    await expect.poll(() => told.get('a')?.isVisible).toBe(false);
    scroller.scrollTop = 0;
    await expect.poll(() => told.get('a')?.isVisible).toBe(true);
  });

  it('takes a tile that has no size yet for one that is to come', async () => {
    tile.style.display = 'none';
    viewports.add('a', tile);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    expect(told.size).toBe(0);
    tile.style.display = 'block';
    await expect.poll(() => told.get('a')).toEqual(shown(160, 90));
  });

  it('hides everything with its window, and shows it again', async () => {
    viewports.add('a', tile);
    await expect.poll(() => told.get('a')).toEqual(shown(160, 90));
    viewports.setWindowShown(false);
    expect(told.get('a')).toEqual(shown(160, 90, false));
    viewports.setWindowShown(true);
    expect(told.get('a')).toEqual(shown(160, 90));
  });

  it('tells nothing of a tile that left', async () => {
    const stop = viewports.add('a', tile);
    await expect.poll(() => told.size).toBe(1);
    stop();
    told.clear();
    viewports.setWindowShown(false);
    expect(told.size).toBe(0);
  });
});
