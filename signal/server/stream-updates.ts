/** Gathers changes of streams for a moment, so that many cost each receiver one message. */
export class StreamUpdates {
  readonly #delayMs: number;
  readonly #flush: (streamIds: readonly string[]) => void;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param delayMs - how long changes are gathered, counted from the first
   * @param flush - receives each changed stream once
   */
  constructor(delayMs: number, flush: (streamIds: readonly string[]) => void) {
    this.#delayMs = delayMs;
    this.#flush = flush;
  }

  /** Notes that a stream changed. */
  mark(streamId: string): void {
    this.#changed.add(streamId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#flush(changed);
    }, this.#delayMs);
  }

  /** Drops what was gathered. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
  }
}
