/**
 * The keys of servers elsewhere, kept in the settings by the origin they belong to. Encrypted where
 * the system keeps secrets; elsewhere as they are, in a file that only this user may read.
 */
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';
import { reasonOf, type Log } from './log';
import type { Settings, SettingsFile } from './settings-file';

/** Servers remembered; the oldest goes when another comes. */
const MAX_REMEMBERED = 200;

/** Seals a text so that only this user of this machine can open it; may throw. */
export interface KeyVault {
  isAvailable(): boolean;
  seal(text: string): string;
  open(sealed: string): string;
}

/** What is needed from outside. */
export interface ServerKeysOptions {
  settings: Pick<SettingsFile, 'current' | 'update'>;
  vault: KeyVault;
  log: Log;
}

type Entry = NonNullable<Settings['serverKeys']>[number];

/** See the head of this file. */
export class ServerKeys {
  readonly #options: ServerKeysOptions;

  constructor(options: ServerKeysOptions) {
    this.#options = options;
  }

  /**
   * The key for a server's origin, such as `wss://desk:8443`; undefined where none is kept or it
   * cannot be opened. What is kept for `wss:` is never given for `ws:`.
   */
  keyAt(origin: string): string | undefined {
    const entry = this.#entries.find(({ at }) => at === origin);
    if (entry === undefined) return undefined;
    return 'sealed' in entry ? this.#opened(entry.sealed, origin) : entry.key;
  }

  /** Whether a key is kept for exactly this origin. */
  has(origin: string): boolean {
    return this.#entries.some(({ at }) => at === origin);
  }

  /** Keeps a key in place of the one that was kept for this origin. */
  keep(origin: string, key: string): void {
    const others = this.#entries.filter(({ at }) => at !== origin);
    const all = [...others, this.#sealed(origin, key)];
    this.#options.settings.update({ serverKeys: all.slice(-MAX_REMEMBERED) });
  }

  get #entries(): readonly Entry[] {
    return this.#options.settings.current.serverKeys ?? [];
  }

  #sealed(at: string, key: string): Entry {
    const { vault, log } = this.#options;
    try {
      if (vault.isAvailable()) return { at, sealed: vault.seal(key) };
    } catch (error) {
      log.warn(`the system's keyring took no key, so it is kept unencrypted: ${reasonOf(error)}`);
    }
    return { at, key };
  }

  #opened(sealed: string, origin: string): string | undefined {
    const { vault, log } = this.#options;
    try {
      const opened = v.safeParse(secretSchema, vault.open(sealed));
      if (opened.success) return opened.output;
      log.warn(`what is kept as the key of ${origin} is no key`);
    } catch (error) {
      // Another user's settings, or a keyring made anew: the console asks for the key again.
      log.warn(`the key of ${origin} could not be opened: ${reasonOf(error)}`);
    }
    return undefined;
  }
}
