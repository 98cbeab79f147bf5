/**
 * Asks a server whether it takes a key, as a client of its own that leaves again: the link that
 * stands, and its pictures, are not risked for a key that may be worthless.
 */
import type { SignalingClient } from '../../../signal/client/signaling-client';
import type { SignalingFailure } from '../../../signal/client/connection-machine';
import type { ViewerMessage } from '../../../signal/protocol/messages';

/** What a trial needs of signaling. */
export type TrialSignaling = Pick<
  SignalingClient<ViewerMessage>,
  'failure' | 'setback' | 'on' | 'connect' | 'close'
>;

/** See the head of this file. It ends with the answer, or when it is closed. */
export class KeyTrial {
  readonly key: string;
  readonly #signaling: TrialSignaling;

  constructor(key: string, signaling: TrialSignaling) {
    this.key = key;
    this.#signaling = signaling;
  }

  /**
   * Begins the trial.
   * @param onAnswer - called once: with nothing when the server has taken the key, else with why
   *   it did not, or not now
   */
  begin(onAnswer: (refusal: SignalingFailure | undefined) => void): void {
    const signaling = this.#signaling;
    const stop = signaling.on('statusChanged', (status) => {
      const refusal = signaling.failure ?? signaling.setback;
      // A server that is away answers nothing; it is asked until somebody closes this.
      if (status !== 'connected' && status !== 'closed' && refusal === undefined) return;
      stop();
      if (status === 'closed') return;
      signaling.close();
      onAnswer(refusal);
    });
    signaling.connect();
  }

  /** Gives up without an answer. Idempotent. */
  close(): void {
    this.#signaling.close();
  }
}
