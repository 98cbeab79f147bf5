/**
 * Paints the sound meters of all tiles, straight into the page: twelve times a second is nothing for
 * a framework to render. Only what changed is written, and a transform moves no layout.
 */
import { CLIPPED_LEVEL, type SoundLevels } from '../health/sound-meters';
import { fallTo, meterFraction } from './level-scale';

/** Steps of the scale that are told apart; finer ones nobody sees on a bar of a few pixels. */
const STEPS = 64;

/** How long the mark of a clipped level stays, in milliseconds. */
const CLIPPED_FOR_MS = 1_000;

/** Longest time that one step falls for: pages that slept begin anew. */
const MAX_STEP_MS = 250;

/** What a meter says besides the level: that it is unknown, or that samples were cut off. */
export type MeterState = 'unknown' | 'level' | 'clipped';

interface Meter {
  /** Carries `data-meter`, a `MeterState`. */
  readonly element: HTMLElement;
  /** Its height is the level. */
  readonly bar: HTMLElement;
  fraction: number;
  step: number;
  clippedAt: number;
  state: MeterState;
}

/** See the head of this file. */
export class MeterBoard {
  readonly #meters = new Map<string, Meter>();
  #paintedAt = 0;

  /** Paints a stream's meter from now on; returns the way to stop. */
  add(streamId: string, element: HTMLElement, bar: HTMLElement): () => void {
    const meter: Meter = {
      element,
      bar,
      fraction: 0,
      step: -1,
      clippedAt: -Infinity,
      state: 'unknown',
    };
    this.#meters.set(streamId, meter);
    return () => {
      if (this.#meters.get(streamId) === meter) this.#meters.delete(streamId);
    };
  }

  /**
   * Shows levels.
   * @param now `performance.now()`, in milliseconds.
   */
  paint(levels: SoundLevels, now: number): void {
    const stepMs = Math.min(Math.max(now - this.#paintedAt, 0), MAX_STEP_MS);
    this.#paintedAt = now;
    for (const [streamId, meter] of this.#meters)
      paintMeter(meter, levels.get(streamId), stepMs, now);
  }
}

function paintMeter(meter: Meter, level: number | undefined, stepMs: number, now: number): void {
  meter.fraction = fallTo(meterFraction(level ?? 0), meter.fraction, stepMs);
  if (level !== undefined && level >= CLIPPED_LEVEL) meter.clippedAt = now;
  const isClipped = now - meter.clippedAt < CLIPPED_FOR_MS;
  const state = level === undefined ? 'unknown' : isClipped ? 'clipped' : 'level';
  if (state !== meter.state) {
    meter.state = state;
    meter.element.dataset['meter'] = state;
  }
  const step = Math.round(meter.fraction * STEPS);
  if (step === meter.step) return;
  meter.step = step;
  meter.bar.style.transform = `scaleY(${step / STEPS})`;
}
