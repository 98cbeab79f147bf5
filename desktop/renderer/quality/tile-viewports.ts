/**
 * What every tile has room for, in device pixels, and whether anybody can see it: one observer of
 * sizes and one of sight for all tiles. Whoever is told may be told often; `ViewerControl` passes on
 * no more than one viewport each 100 ms.
 */
import type { Viewport } from '../../../signal/protocol/control';

/** Largest side that the protocol knows, in pixels. */
const MAX_SIDE = 16_384;

export interface TileViewportsOptions {
  readonly view: Window;
  /** Told whenever a tile shows more or less than before. */
  readonly tell: (streamId: string, viewport: Viewport) => void;
}

interface Tile {
  readonly streamId: string;
  /** In CSS pixels; undefined until the tile has been laid out. */
  size: { readonly width: number; readonly height: number } | undefined;
  isInSight: boolean;
  told: Viewport | undefined;
}

/** See the head of this file. */
export class TileViewports {
  readonly #options: TileViewportsOptions;
  readonly #tiles = new Map<Element, Tile>();
  readonly #sizes: ResizeObserver;
  readonly #sight: IntersectionObserver;
  #density: MediaQueryList | undefined;
  #isWindowShown = true;

  constructor(options: TileViewportsOptions) {
    this.#options = options;
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) this.#onSize(target, contentRect);
    });
    this.#sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        this.#change(target, (tile) => (tile.isInSight = isIntersecting));
      }
    });
    const { document } = options.view;
    document.addEventListener('visibilitychange', this.#tellAll);
    document.addEventListener('fullscreenchange', this.#tellAll);
    this.#watchDensity();
  }

  /** Follows the element that shows a stream; returns the way to stop. */
  add(streamId: string, element: Element): () => void {
    this.#tiles.set(element, { streamId, size: undefined, isInSight: true, told: undefined });
    this.#sizes.observe(element);
    this.#sight.observe(element);
    return () => {
      this.#sizes.unobserve(element);
      this.#sight.unobserve(element);
      this.#tiles.delete(element);
    };
  }

  /** The window is minimized or hidden, where the document does not say so itself. */
  setWindowShown(isShown: boolean): void {
    this.#isWindowShown = isShown;
    this.#tellAll();
  }

  /** Follows nothing any more. Idempotent. */
  close(): void {
    const { document } = this.#options.view;
    document.removeEventListener('visibilitychange', this.#tellAll);
    document.removeEventListener('fullscreenchange', this.#tellAll);
    this.#density?.removeEventListener('change', this.#onDensity);
    this.#sizes.disconnect();
    this.#sight.disconnect();
    this.#tiles.clear();
  }

  readonly #tellAll = (): void => {
    for (const [element, tile] of this.#tiles) this.#tell(element, tile);
  };

  readonly #onDensity = (): void => {
    this.#watchDensity();
    this.#tellAll();
  };

  /** There is no event for another density; a query for the present one stops to match. */
  #watchDensity(): void {
    const { view } = this.#options;
    this.#density?.removeEventListener('change', this.#onDensity);
    this.#density = view.matchMedia(`(resolution: ${view.devicePixelRatio}dppx)`);
    this.#density.addEventListener('change', this.#onDensity);
  }

  #onSize(element: Element, { width, height }: DOMRectReadOnly): void {
    this.#change(element, (tile) => {
      // A wall that is not laid out yet has tiles without size: they are not hidden.
      if (tile.size !== undefined || (width > 0 && height > 0)) tile.size = { width, height };
    });
  }

  #change(element: Element, change: (tile: Tile) => void): void {
    const tile = this.#tiles.get(element);
    if (tile === undefined) return;
    change(tile);
    this.#tell(element, tile);
  }

  #tell(element: Element, tile: Tile): void {
    if (tile.size === undefined) return;
    const { devicePixelRatio } = this.#options.view;
    const viewport = {
      width: devicePixels(tile.size.width, devicePixelRatio),
      height: devicePixels(tile.size.height, devicePixelRatio),
      isVisible: tile.isInSight && this.#isUncovered(element),
    };
    if (isSame(viewport, tile.told)) return;
    tile.told = viewport;
    this.#options.tell(tile.streamId, viewport);
  }

  /** A tile at full screen covers all others. */
  #isUncovered(element: Element): boolean {
    const { document } = this.#options.view;
    if (!this.#isWindowShown || document.visibilityState === 'hidden') return false;
    // Absent in Safari before 16.4.
    const { fullscreenElement } = document;
    return !(fullscreenElement instanceof Element) || fullscreenElement.contains(element);
  }
}

function devicePixels(side: number, ratio: number): number {
  return Math.min(Math.round(side * ratio), MAX_SIDE);
}

function isSame(one: Viewport, other: Viewport | undefined): boolean {
  return (
    one.width === other?.width && one.height === other.height && one.isVisible === other.isVisible
  );
}
