/**
 * Keeps pictures at full size for a moment when they begin, and when they are to become larger.
 * Frames that reach the encoder before the first bandwidth allocation are judged by libwebrtc's
 * default of 300 kbit/s, whatever start bitrate was agreed, and a sender that may trade size for
 * smoothness then begins small (measured on a loaded Chromium 156: 14 of 56 joins began at 960×540,
 * and none of 28 with this, none of them slower). After that moment the wanted preference holds.
 */

import type { WatchedConnection } from './connection-recovery';
import type { SenderParameters } from './sender-parameters';

/** Time after connecting for which the size is kept, in milliseconds; the first picture needs 200. */
const HOLD_MS = 1_000;

export interface FullPictureOptions {
  readonly connection: WatchedConnection;
  readonly parameters: Pick<SenderParameters, 'change'>;
  /** What holds after the first moment. */
  readonly preference: RTCDegradationPreference;
  /** Some browsers refuse the field; pictures flow all the same. */
  readonly onError: (error: unknown) => void;
}

/** See the head of this file. It begins at once; `stop()` before the connection is closed. */
export class FullPicture {
  readonly #options: FullPictureOptions;
  #preference: RTCDegradationPreference;
  #isHolding = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FullPictureOptions) {
    this.#options = options;
    this.#preference = options.preference;
    options.connection.addEventListener('connectionstatechange', this.#onStateChange);
    this.#set('maintain-resolution');
  }

  /** Changes what holds outside of those moments. */
  prefer(preference: RTCDegradationPreference): void {
    if (this.#preference === preference) return;
    this.#preference = preference;
    if (!this.#isHolding) this.#set(preference);
  }

  /** Keeps the size for a moment once more, because the pictures become larger now. */
  hold(): void {
    if (this.#options.connection.connectionState !== 'connected') return;
    if (!this.#isHolding) this.#set('maintain-resolution');
    this.#isHolding = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isHolding = false;
      this.#set(this.#preference);
    }, HOLD_MS);
  }

  /** Changes nothing any more. Idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#options.connection.removeEventListener('connectionstatechange', this.#onStateChange);
  }

  readonly #onStateChange = (): void => {
    if (this.#options.connection.connectionState !== 'connected') return;
    this.#options.connection.removeEventListener('connectionstatechange', this.#onStateChange);
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
