import type { PageVisibility } from '../capture/interruption-watch';

/** A document that comes to the front and goes behind others as a test says. */
export class FakePage extends EventTarget implements PageVisibility {
  visibilityState: DocumentVisibilityState = 'visible';

  show(): void {
    this.#set('visible');
  }

  hide(): void {
    this.#set('hidden');
  }

  #set(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}
