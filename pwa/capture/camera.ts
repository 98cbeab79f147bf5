import { createNanoEvents } from 'nanoevents';
import { fail, ok, type Result } from '../../signal/protocol/result';
import { captureErrorCode, type CaptureErrorCode } from './capture-error';
import {
  AUDIO_CONSTRAINTS,
  facingOf,
  nextDevice,
  otherCamera,
  videoConstraints,
  type CameraChoice,
  type Facing,
} from './constraints';

/** `navigator.mediaDevices`, as far as a camera needs it. */
export type MediaDevicesPort = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/**
 * The state of a permission, just as the Permissions API gives it; undefined where the browser
 * does not know the API or the name. Never rejects.
 */
export type PermissionQuery = (
  name: 'camera' | 'microphone',
) => Promise<PermissionState | undefined>;

export interface CameraOptions {
  readonly mediaDevices: MediaDevicesPort;
  readonly queryPermission: PermissionQuery;
}

/** A camera as the browser lists it. */
export type CameraDevice = Pick<MediaDeviceInfo, 'deviceId' | 'label'>;

/** Why an opened camera has no sound. */
export type SoundProblem = 'microphone-denied' | 'microphone-absent' | 'microphone-busy';

/** `closed`: the camera was released meanwhile, and nobody waits for the outcome any more. */
export type OpenFailure = CaptureErrorCode | 'closed';

/** What became of a switch: `kept` is the old camera opened again, `lost` no camera at all. */
export type SwitchOutcome =
  | { readonly outcome: 'switched' }
  | { readonly outcome: 'kept' | 'lost'; readonly error: OpenFailure };

/**
 * The one owner of this page's camera and microphone. It opens one camera at a time, since phones
 * cannot do more, and stops every track it gives up. Its operations run one after the other.
 */
export class Camera {
  readonly #options: CameraOptions;
  readonly #events = createNanoEvents<{ changed: () => void }>();
  #choice: CameraChoice = { kind: 'facing', facing: 'environment' };
  #video: MediaStreamTrack | undefined;
  #audio: MediaStreamTrack | undefined;
  #soundProblem: SoundProblem | undefined;
  #isMuted = false;
  #devices: readonly CameraDevice[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  /** Ends when the cameras were last listed, or could not be. */
  #listing: Promise<void> = Promise.resolve();
  /** Raised by `release()`: what was asked for before is then unwanted. */
  #turn = 0;

  constructor(options: CameraOptions) {
    this.#options = options;
    options.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
  }

  /** The live video track; undefined while no camera is open. */
  get video(): MediaStreamTrack | undefined {
    return this.#video;
  }

  /** The microphone's track; undefined while there is none, or it has ended. */
  get audio(): MediaStreamTrack | undefined {
    return this.#audio?.readyState === 'live' ? this.#audio : undefined;
  }

  /** Why there is no sound, while a camera is open without it. */
  get soundProblem(): SoundProblem | undefined {
    return this.#soundProblem;
  }

  /** Which way the open camera looks, where the device tells. */
  get facing(): Facing | undefined {
    return this.#video === undefined
      ? undefined
      : facingOf(this.#video.getSettings(), this.#video.label);
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** True when there is another camera to switch to; known soon after one is open. */
  get canSwitch(): boolean {
    return this.#video !== undefined && this.#devices.length > 1;
  }

  /** All cameras, as they are listed; known soon after one is open. */
  get devices(): readonly CameraDevice[] {
    return this.#devices;
  }

  /** Listens for a change of which cameras there are, or of the microphone's end. */
  on(event: 'changed', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }

  /** Silences the microphone without giving it up: it comes back at once. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (this.#audio !== undefined) this.#audio.enabled = !isMuted;
  }

  /** Whether the person is known to have allowed the camera; then `open` asks nobody. */
  async isAllowed(): Promise<boolean> {
    return (await this.#options.queryPermission('camera')) === 'granted';
  }

  /**
   * Opens camera and microphone, the microphone only if it can be had; whatever was open is
   * stopped first.
   * @param facing which way to look; without it the camera last used.
   */
  open(facing?: Facing): Promise<Result<void, OpenFailure>> {
    if (facing !== undefined) this.#choice = { kind: 'facing', facing };
    return this.#serially(async (turn) => {
      this.#stopTracks();
      const opened = await this.#acquire(turn, this.#choice, true);
      // Not waited for: going live needs no list, and some devices take their time to make one.
      if (opened.ok) this.#listing = this.#listDevices(turn);
      return opened;
    });
  }

  /**
   * Changes to another camera; on failure the old one is opened again. The microphone stays.
   * @param wanted which one; without it the other side of a phone, or the next of the list.
   */
  switchCamera(wanted?: CameraChoice): Promise<SwitchOutcome> {
    return this.#serially((turn) => this.#switch(turn, wanted));
  }

  /** Stops the tracks and forgets what was asked for. The camera may be opened again. */
  release(): void {
    this.#turn += 1;
    this.#stopTracks();
  }

  /** Releases for good. Idempotent. */
  close(): void {
    this.release();
    this.#options.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange);
  }

  #serially<T>(operation: (turn: number) => Promise<T>): Promise<T> {
    const turn = this.#turn;
    const result = this.#tail.then(() => operation(turn));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #switch(turn: number, wanted: CameraChoice | undefined): Promise<SwitchOutcome> {
    await this.#listing;
    const current = { facing: this.facing, deviceId: this.#video?.getSettings().deviceId };
    const deviceIds = this.#devices.map(({ deviceId }) => deviceId);
    const target = wanted ?? otherCamera(current, deviceIds);
    if (this.#video === undefined || target === undefined) {
      return { outcome: 'kept', error: 'no-camera' };
    }
    const before = this.#choice;
    // Many phones cannot start one camera while the other still runs.
    this.#stopVideo();
    let opened = await this.#acquire(turn, target, false);
    const isSame = opened.ok && this.#currentDeviceId() === current.deviceId;
    const next = nextDevice(current.deviceId, deviceIds);
    if (isSame && next !== undefined && wanted === undefined) {
      // The wish for the other side led to the same camera: name another one instead.
      this.#stopVideo();
      opened = await this.#acquire(turn, next, false);
    }
    if (opened.ok) return { outcome: 'switched' };
    const old: CameraChoice =
      current.deviceId === undefined ? before : { kind: 'device', deviceId: current.deviceId };
    const restored = await this.#acquire(turn, old, false);
    return { outcome: restored.ok ? 'kept' : 'lost', error: opened.error };
  }

  /** Tries with sound, then without where the sound is at fault, then with no wishes at all. */
  async #acquire(
    turn: number,
    choice: CameraChoice,
    withSound: boolean,
  ): Promise<Result<void, OpenFailure>> {
    const video = videoConstraints(choice);
    let error = await this.#request(turn, { video, audio: withSound && AUDIO_CONSTRAINTS });
    let soundProblem: SoundProblem | undefined;
    if (error !== undefined && withSound) {
      soundProblem = await this.#soundProblemOf(error);
      if (soundProblem !== undefined) error = await this.#request(turn, { video, audio: false });
    }
    if (error === 'unsuitable') {
      error = await this.#request(turn, { video: true, audio: withSound && !soundProblem });
    }
    if (error !== undefined) return fail(error);
    this.#choice = choice;
    if (withSound) this.#soundProblem = soundProblem;
    return ok(undefined);
  }

  /** One question to the browser. What it gives after a release is stopped at once. */
  async #request(
    turn: number,
    constraints: MediaStreamConstraints,
  ): Promise<OpenFailure | undefined> {
    if (turn !== this.#turn) return 'closed';
    let stream: MediaStream;
    try {
      stream = await this.#options.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      const permission = await this.#options.queryPermission('camera');
      return turn === this.#turn ? captureErrorCode(error, permission) : 'closed';
    }
    if (turn !== this.#turn) {
      for (const track of stream.getTracks()) track.stop();
      return 'closed';
    }
    this.#adopt(stream);
    return undefined;
  }

  #adopt(stream: MediaStream): void {
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    if (video !== undefined) {
      // Cameras show movement: a sender short of bits should blur before it stutters.
      video.contentHint = 'motion';
      this.#video = video;
    }
    if (audio !== undefined) {
      audio.enabled = !this.#isMuted;
      audio.addEventListener('ended', this.#tellChanged);
      this.#audio = audio;
    }
  }

  /** Whether a refusal of both may be the microphone's alone. */
  async #soundProblemOf(error: OpenFailure): Promise<SoundProblem | undefined> {
    switch (error) {
      case 'no-camera':
        return 'microphone-absent';
      case 'busy':
        return 'microphone-busy';
      case 'denied':
      case 'dismissed':
      case 'denied-by-system': {
        // Asking again is only right where it is known not to trouble the person for nothing.
        const [camera, microphone] = await Promise.all([
          this.#options.queryPermission('camera'),
          this.#options.queryPermission('microphone'),
        ]);
        const isMicrophoneAlone =
          (microphone === 'denied' && camera !== 'denied') ||
          (camera === 'granted' && microphone === 'prompt');
        return isMicrophoneAlone ? 'microphone-denied' : undefined;
      }
      case 'insecure':
      case 'unsupported':
      case 'unsuitable':
      case 'unknown':
      case 'closed':
        return undefined;
    }
  }

  /** Before permission the list is empty or nameless, so it is read only while a camera is open. */
  async #listDevices(turn: number): Promise<void> {
    try {
      const devices = await this.#options.mediaDevices.enumerateDevices();
      if (turn !== this.#turn) return;
      this.#devices = devices.filter((d) => d.kind === 'videoinput');
    } catch {
      // Without a list there is nothing to switch to; the camera itself is not concerned.
      if (turn === this.#turn) this.#devices = [];
    }
    if (turn === this.#turn) this.#tellChanged();
  }

  readonly #tellChanged = (): void => this.#events.emit('changed');

  readonly #onDeviceChange = (): void => {
    if (this.#video === undefined) return;
    this.#listing = this.#listDevices(this.#turn);
  };

  #currentDeviceId(): string | undefined {
    return this.#video?.getSettings().deviceId;
  }

  #stopVideo(): void {
    this.#video?.stop();
    this.#video = undefined;
  }

  #stopTracks(): void {
    this.#stopVideo();
    this.#audio?.removeEventListener('ended', this.#tellChanged);
    this.#audio?.stop();
    this.#audio = undefined;
    this.#soundProblem = undefined;
  }
}

/** The Permissions API as a {@link PermissionQuery}. */
export function permissionQuery(
  permissions: Pick<Permissions, 'query'> | undefined,
): PermissionQuery {
  return async (name) => {
    try {
      return (await permissions?.query({ name }))?.state;
    } catch {
      // This browser does not know the name of the permission.
      return undefined;
    }
  };
}
