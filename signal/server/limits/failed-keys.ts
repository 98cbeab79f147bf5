/**
 * Wrong keys slow their address down. No timers: the caller brings the time and gives each refusal
 * when it is due. A right key is never asked about here, so nothing delays it: not even an attacker
 * behind the same address can keep others out.
 */
import { addressGroup } from './address-group';

/** How failed keys slow down. */
export interface FailedKeyLimits {
  /** Delay of the first refusal, in milliseconds; each further one doubles it. */
  readonly firstDelayMs: number;
  /** In milliseconds; below the client's patience and the hello time-out. */
  readonly longestDelayMs: number;
  /** Time without a failure after which an address begins afresh, in milliseconds. */
  readonly forgetAfterMs: number;
  /** Refusals of one address that may be waiting. */
  readonly maxPending: number;
}

/** Addresses kept in mind; whoever has more than that begins afresh with the oldest of them. */
const MAX_ADDRESSES = 10_000;

interface Failures {
  count: number;
  pending: number;
  lastAtMs: number;
}

/** See the head of this file. */
export class FailedKeys {
  readonly #limits: FailedKeyLimits;
  /** By address group, the longest quiet first. */
  readonly #byAddress = new Map<string, Failures>();

  constructor(limits: FailedKeyLimits) {
    this.#limits = limits;
  }

  /** Addresses kept in mind. */
  get size(): number {
    return this.#byAddress.size;
  }

  /**
   * Notes a wrong key. A delay that is answered here has to be given back by `settle`.
   * @param nowMs - a monotonic time
   * @returns how long to wait with the refusal, in milliseconds; undefined when too many of this
   *   address wait already: its socket is then closed at once, unanswered
   */
  fail(address: string, nowMs: number): number | undefined {
    this.#forget(nowMs);
    const group = addressGroup(address);
    const { count, pending } = this.#byAddress.get(group) ?? { count: 0, pending: 0 };
    if (pending >= this.#limits.maxPending) return undefined;
    // Moved to the end: the order of a Map is that of insertion.
    this.#byAddress.delete(group);
    this.#byAddress.set(group, { count: count + 1, pending: pending + 1, lastAtMs: nowMs });
    const { firstDelayMs, longestDelayMs } = this.#limits;
    return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(count, 32));
  }

  /** Notes that a delayed refusal was given, or that its socket went before. */
  settle(address: string): void {
    const failures = this.#byAddress.get(addressGroup(address));
    if (failures !== undefined) failures.pending = Math.max(0, failures.pending - 1);
  }

  #forget(nowMs: number): void {
    for (const [group, { lastAtMs, pending }] of this.#byAddress) {
      const isOver = pending === 0 && nowMs - lastAtMs >= this.#limits.forgetAfterMs;
      if (!isOver && this.#byAddress.size < MAX_ADDRESSES) break;
      this.#byAddress.delete(group);
    }
  }
}
