/**
 * Decides when another encoding is worth applying. More is given at once, so that a tile that opens
 * large is sharp without delay; less waits, so that a wall that is being arranged, or somebody who
 * means harm, does not make a phone start its encoder over and over.
 */
import type { Encoding } from '../../protocol/control-reports';

/** Part by which a size or a bitrate must differ to be worth a change. */
const HYSTERESIS = 0.15;

/** Least time between a change and the next one to less, in milliseconds. */
const FALL_AFTER_MS = 1_000;

/** Least time between a change and the next one to more, in milliseconds. */
const RISE_AFTER_MS = 200;

/** How one encoding differs from another, as far as it matters. */
export function compareEncodings(from: Encoding, to: Encoding): 'rise' | 'fall' | 'same' {
  if (from.isActive !== to.isActive) return to.isActive ? 'rise' : 'fall';
  if (!to.isActive) return 'same';
  const changes = [
    // What is nearly full size becomes full size.
    to.scaleResolutionDownBy === 1 && from.scaleResolutionDownBy > 1
      ? 'rise'
      : compare(1 / from.scaleResolutionDownBy, 1 / to.scaleResolutionDownBy),
    compare(from.maxBitrateBps, to.maxBitrateBps),
    compare(from.maxFramerate, to.maxFramerate),
  ] as const;
  return (
    changes.find((change) => change === 'rise') ?? (changes.includes('fall') ? 'fall' : 'same')
  );
}

function compare(from: number, to: number): 'rise' | 'fall' | 'same' {
  if (to > from * (1 + HYSTERESIS)) return 'rise';
  return to * (1 + HYSTERESIS) < from ? 'fall' : 'same';
}

/** See the head of this file. */
export class EncodingFollower {
  readonly #apply: (encoding: Encoding, isLarger: boolean) => void;
  #applied: Encoding;
  #appliedAt = -Infinity;
  #wanted: Encoding;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param initial what is in force.
   * @param apply told what to put in force, and whether pictures become larger by it.
   */
  constructor(initial: Encoding, apply: (encoding: Encoding, isLarger: boolean) => void) {
    this.#applied = this.#wanted = initial;
    this.#apply = apply;
  }

  /** What was put in force last. */
  get applied(): Encoding {
    return this.#applied;
  }

  /**
   * Puts an encoding in force, now or when it is time; the last one wins. The first one always is, so
   * that whoever wished learns what became of it.
   */
  follow(wanted: Encoding): void {
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    const change = compareEncodings(this.#applied, wanted);
    if (change === 'same' && this.#appliedAt !== -Infinity) return;
    const waitMs = change === 'rise' ? RISE_AFTER_MS : FALL_AFTER_MS;
    const leftMs = this.#appliedAt + waitMs - performance.now();
    if (leftMs <= 0) this.#change();
    else this.#timer = setTimeout(() => this.#change(), leftMs);
  }

  /** Applies nothing any more. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #change(): void {
    const before = this.#applied;
    this.#applied = this.#wanted;
    this.#appliedAt = performance.now();
    const isLarger =
      this.#applied.isActive &&
      (!before.isActive || this.#applied.scaleResolutionDownBy < before.scaleResolutionDownBy);
    this.#apply(this.#applied, isLarger);
  }
}
