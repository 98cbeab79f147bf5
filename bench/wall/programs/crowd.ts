/**
 * Many phones in one page, each as the phone pages put it together, but without anything to look at.
 * A page for each would be closer to life, and two dozen of them need half a minute of a core to
 * load. Built into one script, which runs on a page of the server's own origin.
 */
import { createBroadcast } from '../../../pwa/streaming/create-broadcast';

/** What the harness may ask of the page. */
export interface Crowd {
  /** Adds as many phones, named from a number on, and puts them on the air. */
  add(first: number, count: number): Promise<void>;
}

declare global {
  interface Window {
    benchCrowd: Crowd;
  }
}

// Whoever is given no storage remembers nothing of the others, and is somebody of its own.
for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, {
    get: () => {
      throw new DOMException('Phones of a crowd have nothing in common.', 'SecurityError');
    },
  });
}
const link = window.location.hash;

window.benchCrowd = {
  add: async (first, count) => {
    const started = Array.from({ length: count }, (_, index) => {
      // The one before took the key out of the address.
      window.history.replaceState(null, '', link);
      const broadcast = createBroadcast();
      broadcast.setLabel(`Camera ${first + index}`);
      return broadcast.start();
    });
    await Promise.all(started);
  },
};
