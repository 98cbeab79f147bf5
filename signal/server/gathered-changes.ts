/** Gathers changes for a moment, so that many cost each receiver one message. */
export class GatheredChanges<T> {
  readonly #delayMs: number;
  readonly #flush: (changed: readonly T[]) => void;
  readonly #changed = new Set<T>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param delayMs - how long changes are gathered, counted from the first
   * @param flush - receives each thing that changed once
   */
  constructor(delayMs: number, flush: (changed: readonly T[]) => void) {
    this.#delayMs = delayMs;
    this.#flush = flush;
  }

  /** Notes that something changed. */
  mark(what: T): void {
    this.#changed.add(what);
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
