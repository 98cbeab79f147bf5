/** Opens the room of a configuration: what is settled about it, and the way to save that. */
import type { Logger } from 'pino';
import type { Config } from '../config';
import { TlsError } from '../tls/tls-error';
import { RoomBook } from './room-book';
import { RoomFile } from './room-file';
import { RoomSaver } from './room-saver';

/** A room, open. */
export interface OpenRoom {
  readonly book: RoomBook;
  /** Saves what has changed, and tells whether it is on disk; never throws. */
  save(): boolean;
  /** Saves in a few seconds what guests caused. */
  saveSoon(): void;
  /** Saves a last time. Idempotent. */
  close(): void;
}

/**
 * Opens it.
 * @throws TlsError when there is no place to keep its keys
 */
export function openRoom(
  { access, dataDir }: Pick<Config, 'access' | 'dataDir'>,
  logger: Logger,
): OpenRoom {
  try {
    const file = new RoomFile({ dataDir, nowMs: Date.now, logger });
    const book = new RoomBook(access, file.load());
    const saver = new RoomSaver(() => file.save(book.state));
    return {
      book,
      save: () => saver.saveNow(),
      saveSoon: () => saver.saveSoon(),
      close: () => saver.close(),
    };
  } catch (error) {
    // Links that a restart makes worthless are no keys; without keys there is little to lose.
    if (access === 'keys' || !(error instanceof TlsError)) throw error;
    logger.warn(`${error.message} Until then nothing of the room outlives the server.`);
    const nothing = (): void => undefined;
    return { book: new RoomBook(access), save: () => true, saveSoon: nothing, close: nothing };
  }
}
