/** Opens the room of a configuration: what is settled about it, and the way to save that. */
import type { Logger } from 'pino';
import type { Config } from '../config';
import { TlsError } from '../tls/tls-error';
import { RoomBook } from './room-book';
import { RoomFile } from './room-file';

/** A room, open. */
export interface OpenRoom {
  readonly book: RoomBook;
  /** Saves what has changed; never throws. */
  save(): void;
  /** Saves what a full disk refused before; to be called now and then. */
  saveAgain(): void;
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
    const save = (): void => file.save(book.state);
    return {
      book,
      save,
      saveAgain() {
        if (file.isBehind) save();
      },
    };
  } catch (error) {
    // Links that a restart makes worthless are no keys; without keys there is little to lose.
    if (access === 'keys' || !(error instanceof TlsError)) throw error;
    logger.warn(`${error.message} Until then nothing of the room outlives the server.`);
    return { book: new RoomBook(access), save: () => undefined, saveAgain: () => undefined };
  }
}
