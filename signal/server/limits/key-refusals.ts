/** Gives the refusals of wrong keys when they are due. Owns their timers. */
import { FailedKeys, type FailedKeyLimits } from './failed-keys';

/**
 * 250 ms are no hindrance to a person who mistyped; five seconds and sixteen at once leave an
 * attacker three guesses a second at 128 random bits.
 */
export const FAILED_KEY_LIMITS: FailedKeyLimits = {
  firstDelayMs: 250,
  longestDelayMs: 5_000,
  forgetAfterMs: 60_000,
  maxPending: 16,
};

/** See the head of this file. */
export class KeyRefusals {
  readonly #failedKeys: FailedKeys;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(limits: FailedKeyLimits) {
    this.#failedKeys = new FailedKeys(limits);
  }

  /**
   * Takes a wrong key of this address.
   * @param refuse - called when the refusal is due; its socket may be gone by then
   * @returns false when too many of this address wait already: close its socket at once. `refuse`
   *   is then never called.
   */
  add(address: string, refuse: () => void): boolean {
    if (this.#isClosed) return true;
    const delayMs = this.#failedKeys.fail(address, performance.now());
    if (delayMs === undefined) return false;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#failedKeys.settle(address);
      refuse();
    }, delayMs);
    this.#timers.add(timer);
    return true;
  }

  /** Gives no refusal any more: the server closes all sockets anyway. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
