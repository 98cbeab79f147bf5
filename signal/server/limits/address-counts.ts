/** How many of something each address has open at a time. */
import { addressGroup } from './address-group';

/** See the head of this file. An address that has nothing open takes no memory. */
export class AddressCounts {
  readonly #max: number;
  readonly #byAddress = new Map<string, number>();

  /** @param max - of one address */
  constructor(max: number) {
    this.#max = max;
  }

  /** Addresses that have something open. */
  get size(): number {
    return this.#byAddress.size;
  }

  /** Takes a place; false when this address has none left. */
  take(address: string): boolean {
    const group = addressGroup(address);
    const count = this.#byAddress.get(group) ?? 0;
    if (count >= this.#max) return false;
    this.#byAddress.set(group, count + 1);
    return true;
  }

  /** Gives back a place that was taken. */
  release(address: string): void {
    const group = addressGroup(address);
    const left = (this.#byAddress.get(group) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(group, left);
    else this.#byAddress.delete(group);
  }
}
