/** A budget that refills with time; the caller brings the time, so that tests need no clock. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #tokens: number;
  #filledAtMs: number;

  /**
   * @param capacity - what may be spent at once
   * @param perSecond - what comes back each second
   * @param nowMs - a monotonic time
   */
  constructor(capacity: number, perSecond: number, nowMs: number) {
    this.#capacity = capacity;
    this.#perMs = perSecond / 1000;
    this.#tokens = capacity;
    this.#filledAtMs = nowMs;
  }

  /** Spends `cost` when there is that much; otherwise spends nothing and answers false. */
  take(cost: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = Math.max(this.#filledAtMs, nowMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsedMs * this.#perMs);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
