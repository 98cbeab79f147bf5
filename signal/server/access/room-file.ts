/** The room on disk: read at the start, written whole and at once, readable by this user only. */
import * as v from 'valibot';
import type { Logger } from 'pino';
import { DataFolder } from '../tls/data-folder';
import { reasonOf } from '../tls/tls-error';
import { freshRoomState, roomStateSchema, type RoomState } from './room-state';

const FILE = 'access.json';

/** Where it is, and who hears of trouble with it. */
export interface RoomFileOptions {
  /** Absolute path of the server's data folder. */
  readonly dataDir: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** See the head of this file. */
export class RoomFile {
  readonly #folder: DataFolder;
  readonly #options: RoomFileOptions;
  #saved = '';
  /** Whether the last save failed, so that the file tells of a former room. */
  #isBehind = false;

  /** @throws TlsError when the data folder cannot be used */
  constructor(options: RoomFileOptions) {
    this.#options = options;
    this.#folder = new DataFolder(options.dataDir);
  }

  /**
   * Reads the room, or makes a fresh one where there is none. A broken file is moved aside: nobody
   * can say what its keys were, and a server that does not start helps nobody either.
   * @throws TlsError when the file is there and cannot be read
   */
  load(): RoomState {
    const text = this.#folder.read(FILE);
    if (text === undefined) return this.#startAfresh();
    const state = parseState(text);
    if (state === undefined) {
      const aside = `${FILE}.broken-${String(this.#options.nowMs())}`;
      this.#folder.moveAside(FILE, aside);
      this.#options.logger.error(
        { movedTo: this.#folder.pathOf(aside) },
        'the file with the keys of the room was broken; new keys were made, and no old link or invitation works any more',
      );
      return this.#startAfresh();
    }
    if (this.#folder.makePrivate(FILE)) {
      const file = this.#folder.pathOf(FILE);
      this.#options.logger.warn({ file }, 'other users could read these keys; now they cannot');
    }
    this.#saved = text;
    return state;
  }

  /**
   * Saves the room if it changed, and tells whether it is on disk. Never throws: without a disk it
   * goes on, and says so once until it is saved again.
   */
  save(state: RoomState): boolean {
    const text = `${JSON.stringify(state, undefined, 2)}\n`;
    const file = this.#folder.pathOf(FILE);
    const { logger } = this.#options;
    try {
      if (text !== this.#saved) this.#folder.replace(FILE, text, { isPrivate: true });
    } catch (error) {
      if (!this.#isBehind) {
        logger.error(
          { file, reason: reasonOf(error) },
          'keys and settings of the room could not be saved; until they can, a restart brings back the former ones',
        );
      }
      this.#isBehind = true;
      return false;
    }
    this.#saved = text;
    if (this.#isBehind) logger.warn({ file }, 'keys and settings of the room are saved again');
    this.#isBehind = false;
    return true;
  }

  #startAfresh(): RoomState {
    const state = freshRoomState();
    this.save(state);
    return state;
  }
}

function parseState(text: string): RoomState | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), roomStateSchema), text);
  return parsed.success ? parsed.output : undefined;
}
