/**
 * The ICE servers of each client. Those with a shared secret get credentials of the client's own,
 * and every client gets new ones twice in their life: whenever ICE restarts, by the client's clock
 * or after anybody's sleep, what it holds is at most half as old as it may be.
 */
import type { IceServer } from '../protocol/messages';
import { TURN_TTL_SECONDS, turnCredentials, type TurnRest } from './turn-credentials';

/** What a source needs. */
export interface IceServerSourceOptions {
  /** The same for everybody. */
  readonly iceServers: readonly IceServer[];
  readonly turnRest: TurnRest | undefined;
  readonly ttlSeconds?: number | undefined;
  /** The time of day: `Date.now`. Not a monotonic clock, which may stand still in a sleep. */
  readonly nowMs?: () => number;
}

/** See the head of this file. */
export class IceServerSource {
  readonly #iceServers: readonly IceServer[];
  readonly #turnRest: TurnRest | undefined;
  readonly #ttlSeconds: number;
  readonly #nowMs: () => number;
  #renewedAtMs: number;

  constructor(options: IceServerSourceOptions) {
    const { iceServers, turnRest, ttlSeconds = TURN_TTL_SECONDS, nowMs = Date.now } = options;
    this.#iceServers = iceServers;
    this.#turnRest = turnRest;
    this.#ttlSeconds = ttlSeconds;
    this.#nowMs = nowMs;
    this.#renewedAtMs = nowMs();
  }

  /** Servers for a client, their credentials good for the whole time to live from now. */
  serversFor(clientId: string): IceServer[] {
    if (this.#turnRest === undefined) return [...this.#iceServers];
    const { secret, urls } = this.#turnRest;
    const expiresAtSeconds = Math.floor(this.#nowMs() / 1000) + this.#ttlSeconds;
    return [
      ...this.#iceServers,
      { urls: [...urls], ...turnCredentials(secret, clientId, expiresAtSeconds) },
    ];
  }

  /** Whether every client is to get new servers now; true once in half of their time to live. */
  takeRenewal(): boolean {
    if (this.#turnRest === undefined) return false;
    const nowMs = this.#nowMs();
    const ageMs = nowMs - this.#renewedAtMs;
    // A clock that was set back is as good a reason: nobody knows what it said before.
    if (ageMs >= 0 && ageMs < (this.#ttlSeconds * 1000) / 2) return false;
    this.#renewedAtMs = nowMs;
    return true;
  }
}
