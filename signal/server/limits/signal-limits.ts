/** How many sessions a client may have, and how many candidates may flow through one. */
import type { SignalPayload } from '../../protocol/messages';

/** Limits of what is relayed for one client. */
export interface SignalLimits {
  /** Sessions of one client: streams that a viewer watches, viewers that a phone serves. */
  readonly sessionsPerClient: number;
  /** Candidates that one end of a session may send for one offer or answer of its own. */
  readonly candidatesPerSession: number;
}

/**
 * What one end of a session may still send. Each gathering has its description and some 30
 * candidates; without a limit one end could make the other try addresses for ever.
 */
export class CandidateBudget {
  readonly #max: number;
  #left: number;

  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  /** Whether this may be passed on. */
  take({ kind }: SignalPayload): boolean {
    if (kind === 'description') this.#left = this.#max;
    if (kind !== 'candidate') return true;
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}
