/** What the control room sees of a phone that waits to be let in: a small still, now and then. */
import { MAX_PICTURE_LENGTH } from '../../signal/protocol/picture-limit';
import type { BroadcastSignaling } from './broadcast-parts';

/** Time from one still to the next, in milliseconds; the server drops more than one a second. */
const INTERVAL_MS = 3_000;

/** Time until the next look for a preview that has no frame yet, in milliseconds. */
const NO_FRAME_MS = 300;

/** Longer side, in pixels: enough to tell a face, small beside a live picture. */
const LONGER_SIDE = 320;

/** JPEG qualities, tried until the still is small enough; noise in the dark compresses badly. */
const QUALITIES = [0.6, 0.3, 0.1] as const;

const PREFIX = 'data:image/jpeg;base64,';

/** Draws one still as base64 JPEG; undefined while there is no picture to draw. */
export type TakeStill = () => string | undefined;

export interface LobbyPicturesOptions {
  readonly signaling: Pick<BroadcastSignaling, 'send'>;
  readonly takeStill: TakeStill;
}

/** Sends one still at once and then one every three seconds, until closed. */
export class LobbyPictures {
  readonly #options: LobbyPicturesOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LobbyPicturesOptions) {
    this.#options = options;
    this.#send();
  }

  /** Sends no more. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    const { signaling, takeStill } = this.#options;
    const picture = takeStill();
    if (picture !== undefined) signaling.send({ type: 'lobby-picture', picture });
    const delay = picture === undefined ? NO_FRAME_MS : INTERVAL_MS;
    this.#timer = setTimeout(() => this.#send(), delay);
  }
}

/**
 * Takes stills from the preview. None while it has no frame, and none that does not become small
 * enough.
 * @param video finds the element that shows this page's own camera.
 */
export function stillsOf(video: () => HTMLVideoElement | null): TakeStill {
  const canvas = document.createElement('canvas');
  return () => {
    const element = video();
    if (element === null || !(element.videoWidth > 0)) return undefined;
    const scale = Math.min(1, LONGER_SIDE / Math.max(element.videoWidth, element.videoHeight));
    canvas.width = Math.round(element.videoWidth * scale);
    canvas.height = Math.round(element.videoHeight * scale);
    canvas.getContext('2d')?.drawImage(element, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const url = canvas.toDataURL('image/jpeg', quality);
      const picture = url.slice(PREFIX.length);
      if (url.startsWith(PREFIX) && picture.length <= MAX_PICTURE_LENGTH) return picture;
    }
    return undefined;
  };
}
