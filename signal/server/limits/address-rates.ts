/** How often each address may do something. */
import { TokenBucket } from '../token-bucket';
import { addressGroup } from './address-group';

/** See the head of this file. Addresses whose budget is full again take no memory. */
export class AddressRates {
  readonly #burst: number;
  readonly #perSecond: number;
  /** Time in which an empty budget fills, in milliseconds. */
  readonly #fillMs: number;
  #current = new Map<string, TokenBucket>();
  /** Not seen since the last turn; whatever is still here at the next is full again. */
  #previous = new Map<string, TokenBucket>();
  #turnedAtMs = 0;

  /**
   * @param burst - what an address may do at once
   * @param perSecond - what it may do for ever
   */
  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#fillMs = (burst / perSecond) * 1000;
  }

  /** Addresses kept in mind. */
  get size(): number {
    return this.#current.size + this.#previous.size;
  }

  /** Whether this address may do it once more, now. */
  take(address: string, nowMs: number): boolean {
    this.#turn(nowMs);
    const group = addressGroup(address);
    const bucket =
      this.#current.get(group) ??
      this.#previous.get(group) ??
      new TokenBucket(this.#burst, this.#perSecond, nowMs);
    this.#previous.delete(group);
    this.#current.set(group, bucket);
    return bucket.take(1, nowMs);
  }

  #turn(nowMs: number): void {
    if (nowMs - this.#turnedAtMs < this.#fillMs) return;
    // Whatever is still in the older generation was not seen for that long, and is full.
    this.#previous = this.#current;
    this.#current = new Map();
    this.#turnedAtMs = nowMs;
  }
}
