/**
 * The last quarter of an hour of one stream's figures, in memory that never grows: 900 samples of 80
 * to 100 bytes. A figure that was absent is absent again when it is read.
 */

/** One sample a second, 15 minutes. */
const CAPACITY = 900;

/** What is kept: figures of the viewer, then what the phone told, then what was made of them. */
export const RING_COLUMNS = [
  'framesPerSecond',
  'width',
  'height',
  'videoBitrateBps',
  'audioBitrateBps',
  'packetsLostRatio',
  'jitterMs',
  'jitterBufferMs',
  'decodeMs',
  'roundTripTimeMs',
  'framesDropped',
  'freezeCount',
  'nackCount',
  'pliCount',
  'sentFramesPerSecond',
  'sentHeight',
  'sentBitrateBps',
  'availableOutgoingBitrateBps',
  'encodeMs',
  'latencyMs',
  'latencyErrorMs',
  'soundLevel',
] as const;

export type RingColumn = (typeof RING_COLUMNS)[number];

/** One sample's figures; absent is unknown. */
export type RingFigures = Partial<Readonly<Record<RingColumn, number>>>;

/** A sample as it is read back. */
export interface RingSample extends RingFigures {
  /** Milliseconds since about the epoch. */
  readonly at: number;
}

/** See the head of this file. */
export class StatsRing {
  readonly #times = new Float64Array(CAPACITY);
  /** Column after column; NaN where a figure was absent. */
  readonly #values = new Float32Array(CAPACITY * RING_COLUMNS.length);
  /** Where the next sample goes. */
  #next = 0;
  #length = 0;
  #newest = -Infinity;

  /** Samples there are, at most 900. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds a sample; the oldest gives way.
   * @param at milliseconds since about the epoch. A clock that went back is held: graphs need times
   * that rise.
   */
  push(at: number, figures: RingFigures): void {
    this.#newest = Math.max(at, this.#newest + 1);
    this.#times[this.#next] = this.#newest;
    for (const [column, name] of RING_COLUMNS.entries()) {
      this.#values[column * CAPACITY + this.#next] = figures[name] ?? Number.NaN;
    }
    this.#next = (this.#next + 1) % CAPACITY;
    this.#length = Math.min(this.#length + 1, CAPACITY);
  }

  /** Times of all samples, the oldest first. */
  times(): number[] {
    return this.#places().map((place) => this.#times[place] ?? 0);
  }

  /** One figure of all samples, the oldest first. */
  series(name: RingColumn): (number | undefined)[] {
    const start = RING_COLUMNS.indexOf(name) * CAPACITY;
    return this.#places().map((place) => known(this.#values[start + place]));
  }

  /** All samples with what each has, the oldest first; for export. */
  samples(): RingSample[] {
    return this.#places().map((place) => {
      const figures: Partial<Record<RingColumn, number>> = {};
      for (const [column, name] of RING_COLUMNS.entries()) {
        const value = known(this.#values[column * CAPACITY + place]);
        if (value !== undefined) figures[name] = value;
      }
      return { at: this.#times[place] ?? 0, ...figures };
    });
  }

  #places(): number[] {
    const oldest = this.#next - this.#length + CAPACITY;
    return Array.from({ length: this.#length }, (_, index) => (oldest + index) % CAPACITY);
  }
}

function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
