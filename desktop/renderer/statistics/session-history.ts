/**
 * What happened on the wall, kept over restarts of the console in IndexedDB: thinned samples and
 * events, cleaned by age and by number. A browser that denies its storage, or has no room, costs the
 * history and nothing else: every method then does nothing, and `isKept` says so.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { HistorySample } from './history-thinner';

const DATABASE = 'sightline-history';
const VERSION = 1;

/** Older than this is forgotten, in milliseconds: 30 days. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1_000;

/** Most entries kept; 25 streams make 9,000 samples an hour, of about 200 bytes each. */
const DEFAULT_MAX_SAMPLES = 300_000;
const DEFAULT_MAX_EVENTS = 50_000;

/** How often it is cleaned besides at its opening, in milliseconds. */
const CLEAN_INTERVAL_MS = 60 * 60 * 1_000;

/** Failed writes in a row after which no more are tried on this page. */
const MAX_FAILURES = 3;

/** What can happen to a stream. */
export type HistoryEventKind =
  'joined' | 'dropped' | 'recovered' | 'frozen' | 'ended' | 'quality-changed';

/** Something that happened. */
export interface HistoryEvent {
  readonly streamId: string;
  readonly label: string;
  /** Milliseconds since the epoch, this computer's clock. */
  readonly at: number;
  readonly kind: HistoryEventKind;
  /** What the kind alone does not say, such as the size that changed. */
  readonly detail?: string;
}

interface HistorySchema extends DBSchema {
  samples: { key: number; value: HistorySample; indexes: { at: number } };
  events: { key: number; value: HistoryEvent; indexes: { at: number } };
}

type StoreName = 'samples' | 'events';

export interface SessionHistoryOptions {
  readonly now?: () => number;
  readonly maxSamples?: number;
  readonly maxEvents?: number;
  /** The history is off, and why; told once. */
  readonly onTrouble?: (error: unknown) => void;
}

/** See the head of this file. */
export class SessionHistory {
  readonly #now: () => number;
  readonly #limits: Readonly<Record<StoreName, number>>;
  readonly #onTrouble: (error: unknown) => void;
  readonly #opened: Promise<void>;
  #database: IDBPDatabase<HistorySchema> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: SessionHistoryOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#limits = {
      samples: options.maxSamples ?? DEFAULT_MAX_SAMPLES,
      events: options.maxEvents ?? DEFAULT_MAX_EVENTS,
    };
    this.#onTrouble = options.onTrouble ?? (() => undefined);
    this.#opened = this.#open();
  }

  /** Whether anything is kept now; false also before it is open. */
  get isKept(): boolean {
    return this.#database !== undefined;
  }

  /** Keeps a sample. */
  async addSample(sample: HistorySample): Promise<void> {
    await this.#do((database) => database.add('samples', sample));
  }

  /** Keeps an event. */
  async addEvent(event: HistoryEvent): Promise<void> {
    await this.#do((database) => database.add('events', event));
  }

  /** Samples of a time span, the oldest first. Times are milliseconds since the epoch. */
  async samples(from: number, to: number): Promise<HistorySample[]> {
    const span = IDBKeyRange.bound(from, to);
    return (await this.#do((database) => database.getAllFromIndex('samples', 'at', span))) ?? [];
  }

  /** Events of a time span, the oldest first. */
  async events(from: number, to: number): Promise<HistoryEvent[]> {
    const span = IDBKeyRange.bound(from, to);
    return (await this.#do((database) => database.getAllFromIndex('events', 'at', span))) ?? [];
  }

  /** Forgets what is too old, and the oldest of what is too much. */
  async clean(): Promise<void> {
    for (const name of ['samples', 'events'] as const) {
      await this.#do((database) =>
        cleanStore(database, name, this.#now() - MAX_AGE_MS, this.#limits[name]),
      );
    }
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#do(async (database) => {
      await Promise.all([database.clear('samples'), database.clear('events')]);
    });
  }

  /** Closes the database. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#database?.close();
    this.#database = undefined;
  }

  async #open(): Promise<void> {
    try {
      const database = await openDB<HistorySchema>(DATABASE, VERSION, {
        upgrade(fresh) {
          for (const name of ['samples', 'events'] as const) {
            fresh.createObjectStore(name, { autoIncrement: true }).createIndex('at', 'at');
          }
        },
        // Another console brings a newer layout: it must not wait for this one.
        blocking: () => this.close(),
        terminated: () => this.close(),
      });
      if (this.#isClosed) {
        database.close();
        return;
      }
      this.#database = database;
      this.#timer = setInterval(() => void this.clean(), CLEAN_INTERVAL_MS);
      void this.clean();
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** Waits for the database and works with it; undefined where there is none or it fails. */
  async #do<T>(
    work: (database: IDBPDatabase<HistorySchema>) => Promise<T>,
  ): Promise<T | undefined> {
    // Before it is open there is nothing to work with; cleaning runs once it is.
    if (this.#database === undefined) await this.#opened;
    const database = this.#database;
    if (database === undefined) return undefined;
    try {
      const result = await work(database);
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#onFailure(error);
      return undefined;
    }
  }

  #onFailure(error: unknown): void {
    if (this.#isClosed) return;
    this.#failures += 1;
    if (this.#failures < MAX_FAILURES) return;
    this.close();
    this.#onTrouble(error);
  }
}

async function cleanStore(
  database: IDBPDatabase<HistorySchema>,
  name: StoreName,
  oldest: number,
  limit: number,
): Promise<void> {
  const transaction = database.transaction(name, 'readwrite');
  const { store } = transaction;
  const old = IDBKeyRange.upperBound(oldest, true);
  let cursor = await store.index('at').openCursor(old);
  while (cursor !== null) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
  // Keys count up, so that those of the oldest are the smallest.
  const surplus = (await store.count()) - limit;
  const keys = surplus > 0 ? await store.getAllKeys(undefined, surplus) : [];
  const last = keys.at(-1);
  if (last !== undefined) await store.delete(IDBKeyRange.upperBound(last));
  await transaction.done;
}
