import type { SignalingClient } from '../../signal/client/signaling-client';
import type { Device } from '../../signal/protocol/fields';
import type { Publisher, PublisherOptions } from '../../signal/rtc/publisher';
import type { LoadControl } from '../../signal/rtc/control/controlled-link';
import type { PreferredVideoCodec } from '../../signal/rtc/video-codec';
import type { AccessMemory } from '../access/access-memory';
import type { Camera } from '../capture/camera';
import type { InterruptionWatch, InterruptionWatchOptions } from '../capture/interruption-watch';
import type { ScreenWakeLock } from '../capture/wake-lock';
import type { BroadcastMemory } from './broadcast-memory';

/** The connection, as far as a broadcast needs it. */
export type BroadcastSignaling = Pick<
  SignalingClient,
  | 'status'
  | 'failure'
  | 'setback'
  | 'credentials'
  | 'welcome'
  | 'iceServers'
  | 'connect'
  | 'wake'
  | 'check'
  | 'send'
  | 'on'
  | 'close'
>;

/** The stream on the wall. */
export type BroadcastPublisher = Pick<
  Publisher,
  | 'viewerCount'
  | 'isOnWall'
  | 'isPutOff'
  | 'on'
  | 'publish'
  | 'update'
  | 'restartClock'
  | 'replaceTrack'
  | 'close'
>;

/** The camera; `Camera` fits. */
export type BroadcastCamera = Pick<Camera, keyof Camera>;

/** The watch over a live camera. */
export type BroadcastWatch = Pick<InterruptionWatch, keyof InterruptionWatch>;

/** What a broadcast is put together from; `create-broadcast.ts` does it for a page. */
export interface BroadcastParts {
  readonly signaling: BroadcastSignaling;
  /** Absent on a page that is given no camera. */
  readonly camera: BroadcastCamera | undefined;
  readonly createPublisher: (options: PublisherOptions) => BroadcastPublisher;
  /** Rejects where it cannot be loaded. */
  readonly createWatch: (
    options: Pick<InterruptionWatchOptions, 'changed' | 'reopen'>,
  ) => Promise<BroadcastWatch>;
  readonly wakeLock: Pick<ScreenWakeLock, 'hold' | 'release'>;
  readonly memory: BroadcastMemory;
  readonly access: AccessMemory;
  /** Shows the control room small stills of the preview, for as long as the lobby keeps us. */
  readonly sendStills: () => () => void;
  /** The way for viewers to be heard. */
  readonly loadControl: LoadControl;
  readonly device: Device;
  /** Asked for at load, so that Start need not wait for it. Never rejects. */
  readonly preferredCodec: Promise<PreferredVideoCodec>;
  /** What makes a broadcast impossible on this page; undefined where nothing does. */
  readonly obstacle: 'insecure' | 'unsupported' | 'no-webrtc' | undefined;
  /** `Date.now`. */
  readonly now: () => number;
}
