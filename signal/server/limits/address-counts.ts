/** How many of something each address has open at a time. */
import { addressGroup } from './address-group';

/** Gives a place back; calling it again changes nothing. */
export type Release = () => void;

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

  /** Takes a place; undefined when this address has none left. */
  take(address: string): Release | undefined {
    const group = addressGroup(address);
    const count = this.#byAddress.get(group) ?? 0;
    if (count >= this.#max) return undefined;
    this.#byAddress.set(group, count + 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const left = (this.#byAddress.get(group) ?? 0) - 1;
      if (left > 0) this.#byAddress.set(group, left);
      else this.#byAddress.delete(group);
    };
  }
}
