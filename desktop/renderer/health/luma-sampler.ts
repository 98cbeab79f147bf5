/**
 * Looks at the pictures of all tiles for black ones, at most once a second, one tile at a time, so
 * that no two are looked at in the same moment. Tiles that are not shown cost nothing.
 */
import { FrameMemory, lumaOfFrame } from './frame-luma';
import { lumaOf, type Luma } from './luma';

/** How often each tile is looked at, in milliseconds. */
const INTERVAL_MS = 1_000;

/** Least time between two looks, in milliseconds: with more tiles than fit, each waits longer. */
const MIN_STEP_MS = 20;

/** Of a picture that has to be drawn; 144 pixels cost next to nothing to read. */
const WIDTH = 16;
const HEIGHT = 9;

/** The picture of one tile. */
export interface LumaTarget {
  /** The element that shows it. */
  readonly video: HTMLVideoElement;
  /** False while nobody can see the tile. */
  readonly isShown: () => boolean;
}

interface Entry {
  readonly streamId: string;
  readonly target: LumaTarget;
}

/** Undefined: nothing can be said of the picture now. */
export type LumaListener = (streamId: string, luma: Luma | undefined) => void;

/** See the head of this file. */
export class LumaSampler {
  readonly #listener: LumaListener;
  /** The next one to be looked at comes first. */
  #queue: Entry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLooking = false;
  #memory = new FrameMemory();
  #context: CanvasRenderingContext2D | undefined;

  constructor(listener: LumaListener) {
    this.#listener = listener;
  }

  /** Looks at a tile from now on; returns the way to stop. */
  add(streamId: string, target: LumaTarget): () => void {
    const entry = { streamId, target };
    this.#queue.push(entry);
    this.#schedule();
    return () => {
      this.#queue = this.#queue.filter((other) => other !== entry);
      if (this.#queue.length === 0) this.close();
    };
  }

  /** Stops looking. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
    this.#memory = new FrameMemory();
    this.#context = undefined;
  }

  #schedule(): void {
    if (this.#queue.length === 0 || this.#isLooking) return;
    const step = Math.max(INTERVAL_MS / this.#queue.length, MIN_STEP_MS);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#lookAtNext();
    }, step);
  }

  async #lookAtNext(): Promise<void> {
    const entry = this.#queue.shift();
    if (entry === undefined) return;
    this.#queue.push(entry);
    this.#isLooking = true;
    try {
      const luma = await this.#measure(entry.target);
      if (this.#queue.includes(entry)) this.#listener(entry.streamId, luma);
    } finally {
      // Whatever goes wrong with one picture, the others are looked at.
      this.#isLooking = false;
      this.#schedule();
    }
  }

  async #measure({ video, isShown }: LumaTarget): Promise<Luma | undefined> {
    if (!isShown() || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined;
    if (video.videoWidth === 0) return undefined;
    return (await lumaOfFrame(video, this.#memory)) ?? this.#draw(video);
  }

  #draw(video: HTMLVideoElement): Luma | undefined {
    this.#context ??= createContext();
    const context = this.#context;
    if (context === undefined) return undefined;
    context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    return lumaOf(context.getImageData(0, 0, WIDTH, HEIGHT).data);
  }
}

function createContext(): CanvasRenderingContext2D | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  // In main memory: reading back from a GPU would make every look wait for it.
  return canvas.getContext('2d', { alpha: false, willReadFrequently: true }) ?? undefined;
}
