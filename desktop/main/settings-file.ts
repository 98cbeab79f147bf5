/**
 * What the desktop remembers from one start to the next, in one small JSON file. Whatever is on
 * the disk is checked; a file that cannot be read or understood is set aside, never overwritten:
 * it holds keys and trusted roots that a later start, or a person, may still get out of it.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';
import { addressInputSchema, fingerprintSchema, serverOriginSchema } from '../bridge/contract';
import { reasonOf, type Log } from './log';

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const extent = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));

/** A server's key, sealed by the system's keyring (base64) or, where there is none, as it is. */
const serverKeySchema = v.union([
  v.object({ at: serverOriginSchema, sealed: v.pipe(v.string(), v.maxLength(4_000)) }),
  v.object({ at: serverOriginSchema, key: secretSchema }),
]);

const settingsSchema = v.object({
  version: v.literal(1),
  window: v.optional(
    v.object({
      x: coordinate,
      y: coordinate,
      width: extent,
      height: extent,
      isMaximized: v.boolean(),
      isFullScreen: v.boolean(),
    }),
  ),
  /** Which server the console uses. */
  server: v.optional(v.picklist(['embedded', 'remote']), 'embedded'),
  /** Address of the last server elsewhere, without a key; kept while the embedded one is used. */
  remoteAddress: v.optional(addressInputSchema),
  /** Roots the operator trusts, each at one `host:port`; oldest first. */
  trustedRoots: v.optional(
    v.pipe(
      v.array(v.object({ at: v.pipe(v.string(), v.maxLength(300)), root: fingerprintSchema })),
      v.maxLength(1_000),
    ),
  ),
  /** Keys of servers elsewhere; oldest first. */
  serverKeys: v.optional(v.pipe(v.array(serverKeySchema), v.maxLength(1_000))),
});

const fileSchema = v.pipe(v.string(), v.parseJson(), settingsSchema);

export type Settings = v.InferOutput<typeof settingsSchema>;

/** Where the window was, in device-independent pixels, before it was maximized. */
export type WindowPlace = NonNullable<Settings['window']>;

/** Only this user may read the file: it may hold keys. */
const PRIVATE = 0o600;

const DEFAULTS: Settings = { version: 1, server: 'embedded' };

/** The settings of one user. Writes are synchronous: they are rare, tiny, and must survive a quit. */
export class SettingsFile {
  readonly #file: string;
  readonly #log: Log;
  #settings: Settings;
  /** A file stands in the way that could be neither understood nor moved. */
  #isBlocked = false;

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    this.#settings = this.#read();
  }

  get current(): Readonly<Settings> {
    return this.#settings;
  }

  /**
   * Changes some settings and writes the file. A disk that refuses costs the memory of this change
   * at the next start, and is logged; it does not stop the show.
   */
  update(change: Partial<Omit<Settings, 'version'>>): void {
    this.#settings = { ...this.#settings, ...change };
    if (this.#isBlocked) {
      this.#log.error(`the settings were not written; move ${this.#file} away and start again`);
      return;
    }
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true });
      replaceFile(this.#file, `${JSON.stringify(this.#settings, null, 2)}\n`);
    } catch (error) {
      this.#log.error(`the settings could not be written: ${reasonOf(error)}`);
    }
  }

  #read(): Settings {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      const isFirstStart = error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
      if (isFirstStart) return DEFAULTS;
      this.#log.error(`the settings could not be read: ${reasonOf(error)}`);
      this.#setAside();
      return DEFAULTS;
    }
    this.#makePrivate();
    const parsed = v.safeParse(fileSchema, text);
    if (parsed.success) return parsed.output;
    this.#setAside();
    return DEFAULTS;
  }

  /** A file restored from a backup, or made by hand, may be open to others. */
  #makePrivate(): void {
    // Windows keeps no such mode; there the user's own folder protects the file.
    if (process.platform === 'win32') return;
    try {
      if ((statSync(this.#file).mode & 0o077) === 0) return;
      chmodSync(this.#file, PRIVATE);
      this.#log.warn('the settings could be read by other users of this machine; not any more');
    } catch (error) {
      this.#log.error(`the settings cannot be kept from other users: ${reasonOf(error)}`);
    }
  }

  #setAside(): void {
    const aside = `${this.#file}.corrupt-${Date.now()}`;
    try {
      renameSync(this.#file, aside);
      this.#log.warn(`the settings could not be used; they are kept as ${aside}`);
    } catch (error) {
      this.#isBlocked = true;
      this.#log.error(
        `the settings are damaged and cannot be moved, so none are written: ${reasonOf(error)}`,
      );
    }
  }
}

/**
 * Writes a whole new file and moves it over the old one, so that a power cut leaves one or the
 * other. Not a library: the usual one installs signal handlers, which in Electron's main process
 * would replace Chromium's clean shutdown.
 */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.new`;
  // A leftover of a power cut would keep its own mode.
  rmSync(temporary, { force: true });
  try {
    const handle = openSync(temporary, 'wx', PRIVATE);
    try {
      // Unlike `writeSync`, it goes on until all is written.
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}
