/**
 * What a phone keeps to be let in: the key of the link it was opened by, and a secret of its own by
 * which the server knows it again. Both pages of a server share it.
 */
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';

/** In `localStorage`. */
const KEY = 'sightline-key';
const DEVICE_KEY = 'sightline-device-key';

/** Size of the device's secret, in bytes: 128 bits cannot be guessed. */
const DEVICE_KEY_BYTES = 16;

/** Reads and writes it. Where storage is denied or full, it lasts as long as the page. */
export class AccessMemory {
  readonly #storage: Storage;
  /** What this page knows; another tab may have stored something newer. */
  readonly #known = new Map<string, string>();

  /** @param storage `localStorage`. */
  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Of the link that was opened last on this device, or what the server replaced it by. */
  get key(): string | undefined {
    return this.#read(KEY);
  }

  set key(key: string | undefined) {
    if (key !== undefined) this.#write(KEY, key);
  }

  /** Made when it is first asked for, and kept for good. */
  get deviceKey(): string {
    const kept = this.#read(DEVICE_KEY);
    if (kept !== undefined) return kept;
    const bytes = crypto.getRandomValues(new Uint8Array(DEVICE_KEY_BYTES));
    const made = btoa(String.fromCharCode(...bytes)).replace(
      /[+/=]/gu,
      (sign) => ({ '+': '-', '/': '_' })[sign] ?? '',
    );
    this.#write(DEVICE_KEY, made);
    return made;
  }

  #read(name: string): string | undefined {
    const stored = v.safeParse(secretSchema, this.#storage.getItem(name));
    return stored.success ? stored.output : this.#known.get(name);
  }

  #write(name: string, secret: string): void {
    this.#known.set(name, secret);
    try {
      this.#storage.setItem(name, secret);
    } catch {
      // Storage is full or denied: a reload then needs the link again.
    }
  }
}
