/** Makes the checks, one run at a time: a new run abandons the one before. */
import { createNanoEvents } from 'nanoevents';
import type { TrustFacts } from '../../signal/protocol/trust-facts';
import {
  advance,
  NOT_CHECKED,
  type CheckEvent,
  type CheckId,
  type Checks,
  type Finding,
  type Place,
} from './checks';
import type { Probes } from './probes';

/** What a checker needs. */
export interface TrustCheckerOptions {
  readonly place: Place;
  readonly probes: Probes;
  /** Origin of the secure pages, once the server has told its port. */
  readonly secureOriginOf: (facts: TrustFacts) => string;
}

/** See the head of this file. */
export class TrustChecker {
  readonly #options: TrustCheckerOptions;
  readonly #events = createNanoEvents<{ changed: () => void }>();
  #current: AbortController | undefined;
  #isClosed = false;
  #checks = NOT_CHECKED;
  #facts: TrustFacts | undefined;

  constructor(options: TrustCheckerOptions) {
    this.#options = options;
  }

  /** What was found so far. */
  get checks(): Checks {
    return this.#checks;
  }

  /** What the server last told of itself. */
  get facts(): TrustFacts | undefined {
    return this.#facts;
  }

  /** Listens; returns the way to stop. */
  on(event: 'changed', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }

  /** Checks all of it again. Resolves when this run has ended or was abandoned; never rejects. */
  async check(): Promise<void> {
    if (this.#isClosed) return;
    this.#current?.abort();
    const controller = new AbortController();
    this.#current = controller;
    this.#apply({ type: 'begun' });
    const { run } = this.#checks;
    await this.#make(run, controller.signal);
    if (!controller.signal.aborted) this.#apply({ type: 'ended', run });
  }

  /** Abandons what is being checked, and checks no more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#current?.abort();
    this.#events.events = {};
  }

  async #make(run: number, signal: AbortSignal): Promise<void> {
    const { probes, place, secureOriginOf } = this.#options;
    /** @returns whether the next check makes sense. */
    const found = (id: CheckId, finding: Finding): boolean => {
      if (signal.aborted) return false;
      this.#apply({ type: 'found', run, id, finding });
      return finding === 'passed';
    };
    const facts = await probes.facts(signal);
    if (signal.aborted) return;
    if (facts === undefined) {
      found('page', 'unreachable');
      return;
    }
    this.#facts = facts;
    const origin = secureOriginOf(facts);
    if (!found('page', await probes.page(origin, signal))) return;
    if (!found('socket', await probes.socket(origin, signal))) return;
    if (place === 'secure') found('worker', await probes.worker(signal));
  }

  #apply(event: CheckEvent): void {
    this.#checks = advance(this.#checks, event);
    this.#events.emit('changed');
  }
}
