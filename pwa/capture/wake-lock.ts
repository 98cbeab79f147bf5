import type { PageVisibility } from './interruption-watch';

/** `navigator.wakeLock`: Chrome 84, Safari 16.4 (in home-screen apps 18.4). */
export interface WakeLockPort {
  request(type: 'screen'): Promise<WakeLockSentinel>;
}

/**
 * Keeps the screen on while a phone is live. The system takes a lock back whenever the page goes
 * behind another (Screen Wake Lock, section 4), so it is asked for again on return. Where the API
 * is absent or refuses (battery saver), the phone simply dims as usual.
 */
export class ScreenWakeLock {
  readonly #port: WakeLockPort | undefined;
  readonly #page: PageVisibility;
  #isWanted = false;
  #isAsking = false;
  #sentinel: WakeLockSentinel | undefined;

  constructor(port: WakeLockPort | undefined, page: PageVisibility) {
    this.#port = port;
    this.#page = page;
  }

  /** Keeps the screen on until `release()`. */
  hold(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#page.addEventListener('visibilitychange', this.#acquire);
    this.#acquire();
  }

  /** Lets the screen sleep again. Idempotent. */
  release(): void {
    this.#isWanted = false;
    this.#page.removeEventListener('visibilitychange', this.#acquire);
    this.#letGo();
  }

  readonly #acquire = (): void => {
    if (this.#port === undefined || this.#page.visibilityState !== 'visible') return;
    if (this.#isAsking || this.#sentinel?.released === false) return;
    this.#isAsking = true;
    this.#port.request('screen').then(
      (sentinel) => {
        this.#isAsking = false;
        this.#sentinel = sentinel;
        if (!this.#isWanted) this.#letGo();
      },
      () => {
        // Refused, such as by a battery saver: asked for again at the next return.
        this.#isAsking = false;
      },
    );
  };

  #letGo(): void {
    const sentinel = this.#sentinel;
    this.#sentinel = undefined;
    sentinel?.release().catch(() => {
      // Already taken back by the system, which is what was wanted.
    });
  }
}
