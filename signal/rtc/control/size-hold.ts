import type { WatchedConnection } from '../connection-recovery';
import { HOLD_MS } from '../full-picture';
import type { SenderParameters } from './sender-parameters';

export interface SizeHoldOptions {
  /** Its sender prefers size from its start on. */
  readonly connection: WatchedConnection;
  readonly parameters: Pick<SenderParameters, 'change'>;
  /** What holds outside of the moments in which the size is kept. */
  readonly preference: RTCDegradationPreference;
  /** Some browsers refuse the field; pictures flow all the same. */
  readonly onError: (error: unknown) => void;
}

/**
 * Goes on where `startWithFullPicture` is told to stop: lets go of the size in time, and keeps it
 * once more whenever pictures are to become larger, since a sender that may trade size for
 * smoothness judges the first large frames by what little it sent before.
 */
export class SizeHold {
  readonly #options: SizeHoldOptions;
  #preference: RTCDegradationPreference;
  #isHolding = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SizeHoldOptions) {
    this.#options = options;
    this.#preference = options.preference;
    options.connection.addEventListener('connectionstatechange', this.#onStateChange);
    this.#onStateChange();
  }

  /** Changes what holds outside of those moments. */
  prefer(preference: RTCDegradationPreference): void {
    if (this.#preference === preference) return;
    this.#preference = preference;
    if (!this.#isHolding) this.#set(preference);
  }

  /**
   * Keeps the size for a while once more, because the pictures become larger now.
   * @param forMs how long, in milliseconds.
   */
  hold(forMs = HOLD_MS): void {
    if (this.#options.connection.connectionState !== 'connected') return;
    if (!this.#isHolding) this.#set('maintain-resolution');
    this.#isHolding = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isHolding = false;
      this.#set(this.#preference);
    }, forMs);
  }

  /** Changes nothing any more. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#options.connection.removeEventListener('connectionstatechange', this.#onStateChange);
  }

  readonly #onStateChange = (): void => {
    const { connection } = this.#options;
    if (connection.connectionState !== 'connected') return;
    connection.removeEventListener('connectionstatechange', this.#onStateChange);
    this.hold();
  };

  #set(wanted: RTCDegradationPreference): void {
    this.#options.parameters
      .change((parameters) => {
        parameters.degradationPreference = wanted;
      })
      .catch(this.#options.onError);
  }
}
