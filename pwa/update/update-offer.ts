import { createNanoEvents } from 'nanoevents';

/** Puts the waiting version to work, and calls when it has taken this page over. */
type Activate = () => void;

/** A newer version of the page that waits for a person to say when. */
export class UpdateOffer {
  readonly #events = createNanoEvents<{ changed: () => void }>();
  #activate: Activate | undefined;

  /** True when a newer version is waiting. */
  get isReady(): boolean {
    return this.#activate !== undefined;
  }

  /** Listens; returns the way to stop. */
  on(event: 'changed', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }

  /** A newer version is installed and waits. */
  offer(activate: Activate): void {
    this.#activate = activate;
    this.#events.emit('changed');
  }

  /** The person wants it now. */
  apply(): void {
    this.#activate?.();
  }
}
