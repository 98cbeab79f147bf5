import type { CaptureFacts } from '../../signal/protocol/messages';
import {
  MUTE_SETTLE_MS,
  captureStateOf,
  interruptionStep,
  type InterruptionEvent,
  type InterruptionState,
} from './interruptions';

/** The page, as far as its being in front matters; `document` fits. */
export interface PageVisibility extends EventTarget {
  readonly visibilityState: DocumentVisibilityState;
}

export interface InterruptionWatchOptions {
  /** `document`. */
  readonly page: PageVisibility;
  /** `window`: its `pagehide` and `pageshow` tell of a page put away and taken out again. */
  readonly view: EventTarget;
  /** The capture state changed. */
  readonly changed: (state: CaptureFacts['state']) => void;
  /**
   * Fetches the camera again. Resolves true once the fresh track is followed and sent.
   * Never rejects.
   */
  readonly reopen: () => Promise<boolean>;
}

/**
 * Watches one live camera: its track, and whether the page is in front. Runs from construction
 * until `close()`.
 */
export class InterruptionWatch {
  readonly #options: InterruptionWatchOptions;
  #state: InterruptionState;
  #track: MediaStreamTrack | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: InterruptionWatchOptions) {
    this.#options = options;
    const { page, view } = options;
    this.#state = { isHidden: page.visibilityState === 'hidden', picture: 'flowing' };
    page.addEventListener('visibilitychange', this.#onVisibility);
    // Page Lifecycle: Chromium freezes pages in the background without a word to their timers.
    page.addEventListener('freeze', this.#onHidden);
    page.addEventListener('resume', this.#onVisibility);
    view.addEventListener('pagehide', this.#onHidden);
    view.addEventListener('pageshow', this.#onVisibility);
  }

  /** What consoles are told of this camera now. */
  get captureState(): CaptureFacts['state'] {
    return captureStateOf(this.#state);
  }

  /** Watches this track from now on instead of the one before. */
  follow(track: MediaStreamTrack): void {
    if (this.#isClosed) return;
    this.#unfollow();
    this.#track = track;
    track.addEventListener('mute', this.#onMute);
    track.addEventListener('unmute', this.#onUnmute);
    track.addEventListener('ended', this.#onEnded);
    this.#handle('reopened');
    if (track.readyState === 'ended') this.#handle('track-ended');
    else if (track.muted) this.#handle('track-muted');
  }

  /** The camera is gone and could not be had again. */
  lose(): void {
    this.#handle('reopen-failed');
  }

  /** A person asks for the camera to be opened again. */
  retry(): void {
    this.#handle('retry');
  }

  /** Stops watching. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#unfollow();
    clearTimeout(this.#timer);
    const { page, view } = this.#options;
    page.removeEventListener('visibilitychange', this.#onVisibility);
    page.removeEventListener('freeze', this.#onHidden);
    page.removeEventListener('resume', this.#onVisibility);
    view.removeEventListener('pagehide', this.#onHidden);
    view.removeEventListener('pageshow', this.#onVisibility);
  }

  readonly #onVisibility = (): void => {
    this.#handle(this.#options.page.visibilityState === 'hidden' ? 'page-hidden' : 'page-shown');
  };
  readonly #onHidden = (): void => this.#handle('page-hidden');
  readonly #onMute = (): void => this.#handle('track-muted');
  readonly #onUnmute = (): void => this.#handle('track-unmuted');
  readonly #onEnded = (): void => this.#handle('track-ended');

  #handle(event: InterruptionEvent): void {
    if (this.#isClosed) return;
    const before = this.captureState;
    const [state, effects] = interruptionStep(this.#state, event);
    this.#state = state;
    // Told first: an effect may lead straight to the next change.
    if (this.captureState !== before) this.#options.changed(this.captureState);
    for (const effect of effects) {
      if (effect === 'reopen') void this.#reopen();
      else clearTimeout(this.#timer);
      if (effect === 'start-timer') {
        this.#timer = setTimeout(() => this.#handle('settled'), MUTE_SETTLE_MS);
      }
    }
  }

  async #reopen(): Promise<void> {
    // Success shows itself by `follow` of the fresh track.
    if (!(await this.#options.reopen())) this.#handle('reopen-failed');
  }

  #unfollow(): void {
    this.#track?.removeEventListener('mute', this.#onMute);
    this.#track?.removeEventListener('unmute', this.#onUnmute);
    this.#track?.removeEventListener('ended', this.#onEnded);
    this.#track = undefined;
  }
}
