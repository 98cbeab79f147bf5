import type { CaptureFacts, ErrorMessage } from '../../signal/protocol/messages';
import type { PreferredVideoCodec } from '../../signal/rtc/video-codec';
import type {
  BroadcastCamera,
  BroadcastParts,
  BroadcastPublisher,
  BroadcastWatch,
} from './broadcast-parts';
import { SEND_SETTINGS } from './send-settings';

/** How often a live tab notes that it still is, in milliseconds; see `RESUME_LIVE_WITHIN_MS`. */
const SIGN_OF_LIFE_MS = 15_000;

export interface OnAirOptions {
  readonly parts: BroadcastParts;
  /** Open already, with the tracks to send. */
  readonly camera: BroadcastCamera;
  readonly preferredCodec: PreferredVideoCodec;
  readonly label: string;
  /** `Date.now()` of going live; that of the first time, when a reload goes on. */
  readonly sinceMs: number;
  /** A fact that pages show changed. */
  readonly changed: () => void;
  readonly captureChanged: (state: CaptureFacts['state']) => void;
  readonly refused: (error: ErrorMessage) => void;
  /** Fetches the camera again and sends it; see `InterruptionWatchOptions.reopen`. */
  readonly reopen: () => Promise<boolean>;
}

/** A stream that is being sent: its publisher, the watch over its camera, the screen kept on. */
export class OnAir {
  readonly camera: BroadcastCamera;
  readonly #parts: BroadcastParts;
  readonly #publisher: BroadcastPublisher;
  /** Comes when it is loaded; until then the camera is taken to give pictures, as it just began to. */
  #watch: BroadcastWatch | undefined;
  readonly #watchLoaded: Promise<void>;
  #isClosed = false;
  readonly #signOfLife: ReturnType<typeof setInterval>;
  #sinceMs: number;
  #wasOnWall = false;

  constructor(options: OnAirOptions) {
    const { parts, camera, sinceMs, label } = options;
    this.camera = camera;
    this.#sinceMs = sinceMs;
    this.#parts = parts;
    this.#watchLoaded = this.#loadWatch(options);
    this.#publisher = parts.createPublisher({
      signaling: parts.signaling,
      streamId: parts.memory.streamId,
      label,
      device: parts.device,
      capture: this.#facts(),
      liveSinceMs: sinceMs,
      video: camera.video,
      audio: camera.audio,
      settings: { ...SEND_SETTINGS, preferredCodec: options.preferredCodec },
      loadControl: parts.loadControl,
    });
    this.#publisher.on('publishedChanged', (isOnWall) => {
      this.#wasOnWall ||= isOnWall;
      options.changed();
    });
    this.#publisher.on('viewerCountChanged', options.changed);
    this.#publisher.on('refused', options.refused);
    this.#signOfLife = setInterval(() => this.#remember(), SIGN_OF_LIFE_MS);
    parts.wakeLock.hold();
    this.#remember();
  }

  /** `Date.now()` of going live. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** The server confirms the stream on the present connection. */
  get isOnWall(): boolean {
    return this.#publisher.isOnWall;
  }

  /** It did so at least once. */
  get wasOnWall(): boolean {
    return this.#wasOnWall;
  }

  /** The server has no place for the stream now, and is asked again by itself. */
  get isPutOff(): boolean {
    return this.#publisher.isPutOff;
  }

  get viewerCount(): number {
    return this.#publisher.viewerCount;
  }

  get captureState(): CaptureFacts['state'] {
    return this.#watch?.captureState ?? 'active';
  }

  /** Sends the camera's present tracks instead of those before. */
  async sendTracks(): Promise<void> {
    const { video, audio } = this.camera;
    this.#followCamera();
    await Promise.all([
      this.#publisher.replaceTrack('video', video),
      this.#publisher.replaceTrack('audio', audio),
    ]);
    this.tellFacts();
  }

  /** Tells the wall, and this tab's memory, what the camera and the microphone are doing. */
  tellFacts(): void {
    this.#publisher.update({ capture: this.#facts() });
    this.#remember();
  }

  /** Gives the stream another name on the wall. */
  rename(label: string): void {
    this.#publisher.update({ label });
  }

  /** The camera could not be had again. */
  loseCamera(): void {
    void this.#watchLoaded.then(() => this.#watch?.lose());
  }

  /** A person asks for the camera to be opened again. */
  retryCamera(): void {
    void this.#watchLoaded.then(() => this.#watch?.retry());
  }

  /** Lets the clock begin now: the time in the lobby was not live. */
  restartClock(): void {
    this.#sinceMs = this.#parts.now();
    this.#publisher.restartClock(this.#sinceMs);
    this.#remember();
  }

  /** Asks for the place on the wall, now. */
  publish(): void {
    this.#publisher.publish();
  }

  /** Takes the stream off the wall. Does not close the camera. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#signOfLife);
    this.#watch?.close();
    this.#publisher.close();
    this.#parts.wakeLock.release();
  }

  async #loadWatch({ captureChanged, reopen }: OnAirOptions): Promise<void> {
    let watch: BroadcastWatch;
    try {
      watch = await this.#parts.createWatch({ changed: captureChanged, reopen });
    } catch {
      // The server has just gone. The stream goes on; what the system does to the camera is seen
      // as a still picture, and Stop and Start help.
      return;
    }
    if (this.#isClosed) {
      watch.close();
      return;
    }
    this.#watch = watch;
    this.#followCamera();
    if (watch.captureState !== 'active') captureChanged(watch.captureState);
  }

  /** Its callbacks may come from here on. */
  #followCamera(): void {
    if (this.camera.video !== undefined) this.#watch?.follow(this.camera.video);
  }

  #facts(): CaptureFacts {
    const { audio, isMuted, facing } = this.camera;
    return {
      state: this.captureState,
      hasAudio: audio !== undefined,
      microphoneMuted: isMuted,
      ...(facing === undefined ? {} : { facing }),
    };
  }

  #remember(): void {
    const { isMuted, facing } = this.camera;
    this.#parts.memory.rememberLive({
      sinceMs: this.#sinceMs,
      seenAtMs: this.#parts.now(),
      isMuted,
      ...(facing === undefined ? {} : { facing }),
    });
  }
}
