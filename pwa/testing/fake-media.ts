/** Cameras and a microphone without hardware, for tests of what is decided around them. */
import type { MediaDevicesPort } from '../capture/camera';

/** One track. `stop()` raises no `ended`, as in browsers; `end()` and `pause()` are the system's. */
export class FakeTrack extends EventTarget implements MediaStreamTrack {
  readonly id = `track-${String(Math.random())}`;
  contentHint = '';
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';
  onended = null;
  onmute = null;
  onunmute = null;
  readonly #settings: MediaTrackSettings;

  constructor(
    readonly kind: 'audio' | 'video',
    readonly label: string,
    settings: MediaTrackSettings = {},
  ) {
    super();
    this.#settings = settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is gone. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** The system takes the device away for a while, or gives it back. */
  pause(isPaused: boolean): void {
    this.muted = isPaused;
    this.dispatchEvent(new Event(isPaused ? 'mute' : 'unmute'));
  }

  getSettings(): MediaTrackSettings {
    return this.#settings;
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  clone(): FakeTrack {
    return new FakeTrack(this.kind, this.label, this.#settings);
  }
}

/** One camera of a device. */
export interface FakeCamera {
  readonly deviceId: string;
  readonly label: string;
  readonly facing?: 'user' | 'environment';
}

/** A phone's two cameras. */
export const BACK: FakeCamera = {
  deviceId: 'back',
  label: 'camera2 0, facing back',
  facing: 'environment',
};
export const FRONT: FakeCamera = {
  deviceId: 'front',
  label: 'camera2 1, facing front',
  facing: 'user',
};

/** What `getUserMedia` rejects with. */
export function refusal(name: string, message = ''): DOMException {
  return new DOMException(message, name);
}

/**
 * `navigator.mediaDevices` with these cameras. Asks are noted; `refuse` decides which of them are
 * rejected, and `held` keeps them waiting.
 */
export class FakeMediaDevices extends EventTarget implements MediaDevicesPort {
  readonly asked: MediaStreamConstraints[] = [];
  readonly tracks: FakeTrack[] = [];
  cameras: readonly FakeCamera[];
  hasMicrophone = true;
  refuse: (asked: MediaStreamConstraints) => DOMException | undefined = () => undefined;
  held: Promise<void> | undefined;

  constructor(cameras: readonly FakeCamera[] = [BACK, FRONT]) {
    super();
    this.cameras = cameras;
  }

  /** Tracks that nobody has stopped. */
  get liveTracks(): readonly FakeTrack[] {
    return this.tracks.filter((track) => track.readyState === 'live');
  }

  async getUserMedia(asked: MediaStreamConstraints = {}): Promise<MediaStream> {
    this.asked.push(asked);
    await this.held;
    const refused = this.refuse(asked);
    if (refused !== undefined) throw refused;
    const camera = this.#choose(asked.video);
    if (asked.video !== false && camera === undefined) throw refusal('NotFoundError');
    if (asked.audio !== false && asked.audio !== undefined && !this.hasMicrophone) {
      throw refusal('NotFoundError');
    }
    const given: FakeTrack[] = [];
    if (camera !== undefined) {
      given.push(
        new FakeTrack('video', camera.label, {
          deviceId: camera.deviceId,
          ...(camera.facing === undefined ? {} : { facingMode: camera.facing }),
        }),
      );
    }
    if (asked.audio !== false && asked.audio !== undefined) {
      given.push(new FakeTrack('audio', 'Microphone'));
    }
    this.tracks.push(...given);
    return streamOf(given);
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(
      this.cameras.map(({ deviceId, label }) => ({
        deviceId,
        label,
        groupId: '',
        kind: 'videoinput' as const,
        toJSON: () => ({}),
      })),
    );
  }

  #choose(asked: MediaStreamConstraints['video']): FakeCamera | undefined {
    const [first] = this.cameras;
    if (typeof asked !== 'object') return first;
    const { deviceId, facingMode } = asked;
    if (typeof deviceId === 'object' && 'exact' in deviceId) {
      const exact = this.cameras.find((camera) => camera.deviceId === deviceId.exact);
      if (exact === undefined) throw refusal('OverconstrainedError');
      return exact;
    }
    const facing = typeof facingMode === 'object' && 'ideal' in facingMode && facingMode.ideal;
    return this.cameras.find((camera) => camera.facing === facing) ?? first;
  }
}

/** A stream as `getUserMedia` gives it; nothing here looks at more than its tracks. */
function streamOf(tracks: readonly FakeTrack[]): MediaStream {
  return Object.assign(new EventTarget(), {
    id: 'stream',
    active: true,
    onaddtrack: null,
    onremovetrack: null,
    addTrack: () => undefined,
    removeTrack: () => undefined,
    clone: () => streamOf(tracks),
    getTracks: () => [...tracks],
    getTrackById: (id: string) => tracks.find((track) => track.id === id) ?? null,
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
  });
}
