/** How many sessions a client may have, and how many candidates may flow through one. */
import { TokenBucket } from '../token-bucket';

/** Limits of the registry's work for one client. */
export interface SignalLimits {
  /** Sessions of one client: streams that a viewer watches, viewers that a phone serves. */
  readonly sessionsPerClient: number;
  /** Candidates that one end of a session may send at once. */
  readonly candidatesPerSession: number;
}

/**
 * Seconds in which the candidates of a session come back: a gathering has about 30 of them, and a
 * connection that is in trouble gathers anew every few seconds.
 */
const REFILL_SECONDS = 30;

/** Candidates that one end of a session may still send. */
export class CandidateBudget {
  readonly #bucket: TokenBucket;

  /** @param nowMs - of the clock that `take` goes by */
  constructor(limits: SignalLimits, nowMs: number) {
    const { candidatesPerSession: capacity } = limits;
    this.#bucket = new TokenBucket(capacity, capacity / REFILL_SECONDS, nowMs);
  }

  /** Spends one; false when none is left. */
  take(nowMs: number): boolean {
    return this.#bucket.take(1, nowMs);
  }
}
