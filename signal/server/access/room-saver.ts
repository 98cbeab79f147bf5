/**
 * When the room is saved: at once what operators command, in a while what guests cause, and once
 * more what failed. Each save waits for the disk, and the server with it.
 */

/**
 * How long what guests cause is gathered, and after how long a failed save is tried again, in
 * milliseconds. What waits is lost only where the server dies meanwhile.
 */
const DELAY_MS = 5_000;

/** See the head of this file. */
export class RoomSaver {
  readonly #save: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** @param save - saves all there is and tells whether it is on disk; never throws */
  constructor(save: () => boolean) {
    this.#save = save;
  }

  /** Saves all there is; tells whether it is on disk. Where it is not, it is tried again. */
  saveNow(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const isSaved = this.#save();
    if (!isSaved) this.saveSoon();
    return isSaved;
  }

  /** Saves in a while, together with all that comes until then. */
  saveSoon(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => this.saveNow(), DELAY_MS);
  }

  /** Saves a last time. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.saveNow();
  }
}
