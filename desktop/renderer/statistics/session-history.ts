/**
 * What happened on the wall, kept over restarts of the console in IndexedDB: sessions with their
 * thinned samples and events, forgotten by age and by number. Each page writes its own session only,
 * so that consoles in several tabs never meet. A browser that denies its storage, or has no room,
 * costs the history and nothing else: every method then does nothing, and `isKept` says so.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { HistoryEvent } from './history-events';
import type { HistorySample } from './history-thinner';

const DATABASE = 'sightline-history';
const VERSION = 1;

/** Older than this is forgotten, in milliseconds: 30 days. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1_000;

/** Most samples and events kept; 25 streams make 9,000 an hour, of about 200 bytes each. */
const DEFAULT_MAX_ENTRIES = 300_000;

/** How often it is cleaned besides at its opening, in milliseconds. */
const CLEAN_INTERVAL_MS = 60 * 60 * 1_000;

/**
 * A session that was not written for longer than this has crashed, in milliseconds. Browsers slow
 * the timers of hidden pages down to one a minute.
 */
export const ALIVE_MS = 180_000;

/** Failed writes in a row after which no more are tried on this page. */
const MAX_FAILURES = 3;

/** One life of a console page, or a day of it. Times are milliseconds since the epoch. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly startedAt: number;
  /** When it was last written. */
  readonly aliveAt: number;
  /** Absent while it goes on. */
  readonly endedAt?: number;
  readonly streamCount: number;
}

/** What is new of a session. */
export interface SessionBatch {
  readonly session: SessionRecord;
  readonly samples: readonly HistorySample[];
  readonly events: readonly HistoryEvent[];
}

interface StoredSession extends SessionRecord {
  readonly entryCount: number;
}

/** Entries are keyed by session and place, so that a session is one range. */
type EntryKey = [sessionId: string, place: number];

interface HistorySchema extends DBSchema {
  sessions: { key: string; value: StoredSession };
  samples: { key: EntryKey; value: HistorySample };
  events: { key: EntryKey; value: HistoryEvent };
}

type Database = IDBPDatabase<HistorySchema>;

const STORES = ['sessions', 'samples', 'events'] as const;

export interface SessionHistoryOptions {
  readonly now?: () => number;
  readonly maxEntries?: number;
  /** The history is off, and why; told once. */
  readonly onTrouble?: (error: unknown) => void;
}

/** See the head of this file. */
export class SessionHistory {
  readonly #now: () => number;
  readonly #maxEntries: number;
  readonly #onTrouble: (error: unknown) => void;
  readonly #opened: Promise<void>;
  #database: Database | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Entries this page has written, by session. */
  readonly #written = new Map<string, number>();
  #failures = 0;
  #isClosed = false;

  constructor(options: SessionHistoryOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#maxEntries = options.maxEntries ?? DEFAULT_MAX_ENTRIES;
    this.#onTrouble = options.onTrouble ?? (() => undefined);
    this.#opened = this.#open();
  }

  /** Whether anything is kept now; false also before it is open. */
  get isKept(): boolean {
    return this.#database !== undefined;
  }

  /** Keeps what is new of this page's session, all or nothing. */
  async write(batch: SessionBatch): Promise<void> {
    await this.#do(async (database) => {
      try {
        await this.#put(database, batch);
      } catch (error) {
        if (!isFull(error)) throw error;
        await forgetOldest(database, batch.session.sessionId);
        await this.#put(database, batch);
      }
    });
  }

  /** All sessions, the newest first. One that crashed has ended when it was last written. */
  async sessions(): Promise<SessionRecord[]> {
    const stored = (await this.#do((database) => database.getAll('sessions'))) ?? [];
    return stored
      .map((session) => this.#closed(session))
      .sort((one, other) => other.startedAt - one.startedAt);
  }

  /** What was kept of a session, the oldest first. */
  async read(sessionId: string): Promise<Omit<SessionBatch, 'session'>> {
    const content = await this.#do(async (database) => {
      const range = rangeOf(sessionId);
      const [samples, events] = await Promise.all([
        database.getAll('samples', range),
        database.getAll('events', range),
      ]);
      return { samples, events };
    });
    return content ?? { samples: [], events: [] };
  }

  /** Forgets one session. */
  async remove(sessionId: string): Promise<void> {
    await this.#do((database) => removeSession(database, sessionId));
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#do(async (database) => {
      await Promise.all(STORES.map((name) => database.clear(name)));
    });
  }

  /** Ends what crashed; forgets what is too old, and the oldest of what is too much. */
  async clean(): Promise<void> {
    await this.#do(async (database) => {
      const oldest = this.#now() - MAX_AGE_MS;
      const stored = (await database.getAll('sessions')).sort(
        (one, other) => other.startedAt - one.startedAt,
      );
      let entries = 0;
      for (const session of stored) {
        const closed = this.#closed(session);
        entries += session.entryCount;
        const isTooMuch = entries > this.#maxEntries && closed.endedAt !== undefined;
        if (isTooMuch || session.aliveAt < oldest) {
          await removeSession(database, session.sessionId);
        } else if (closed !== session) await database.put('sessions', closed);
      }
    });
  }

  /** Closes the database. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#database?.close();
    this.#database = undefined;
  }

  async #put(database: Database, { session, samples, events }: SessionBatch): Promise<void> {
    const { sessionId } = session;
    let place = this.#written.get(sessionId) ?? 0;
    // At once: the next batch may come before this one is written.
    this.#written.set(sessionId, place + samples.length + events.length);
    const transaction = database.transaction(STORES, 'readwrite');
    const work: Promise<unknown>[] = [];
    for (const sample of samples) {
      work.push(transaction.objectStore('samples').put(sample, [sessionId, place]));
      place += 1;
    }
    for (const event of events) {
      work.push(transaction.objectStore('events').put(event, [sessionId, place]));
      place += 1;
    }
    work.push(transaction.objectStore('sessions').put({ ...session, entryCount: place }));
    // The last batch comes when the page closes: nothing may wait for a turn of its own.
    transaction.commit();
    await Promise.all([...work, transaction.done]);
  }

  #closed(session: StoredSession): StoredSession {
    if (session.endedAt !== undefined) return session;
    // Also one from a time that is still to come: the clock was wrong then, or is now.
    const isAlive = Math.abs(this.#now() - session.aliveAt) <= ALIVE_MS;
    return isAlive ? session : { ...session, endedAt: session.aliveAt };
  }

  async #open(): Promise<void> {
    try {
      const database = await openDB<HistorySchema>(DATABASE, VERSION, {
        upgrade(fresh) {
          fresh.createObjectStore('sessions', { keyPath: 'sessionId' });
          fresh.createObjectStore('samples');
          fresh.createObjectStore('events');
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
  async #do<T>(work: (database: Database) => Promise<T>): Promise<T | undefined> {
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

function rangeOf(sessionId: string): IDBKeyRange {
  return IDBKeyRange.bound([sessionId], [sessionId, Infinity]);
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

async function removeSession(database: Database, sessionId: string): Promise<void> {
  const transaction = database.transaction(STORES, 'readwrite');
  await Promise.all([
    transaction.objectStore('sessions').delete(sessionId),
    transaction.objectStore('samples').delete(rangeOf(sessionId)),
    transaction.objectStore('events').delete(rangeOf(sessionId)),
    transaction.done,
  ]);
}

/** Makes room: forgets the oldest session but the one that needs it. */
async function forgetOldest(database: Database, needy: string): Promise<void> {
  const others = (await database.getAll('sessions')).filter(({ sessionId }) => sessionId !== needy);
  const [oldest] = others.sort((one, other) => one.startedAt - other.startedAt);
  if (oldest !== undefined) await removeSession(database, oldest.sessionId);
}
