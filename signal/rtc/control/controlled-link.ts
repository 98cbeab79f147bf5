/** Where control meets the publisher: phones load what is behind it only once they are live. */
import type { Role } from '../../protocol/fields';
import type { FullPicture } from '../full-picture';
import type { SenderParameters } from '../sender-parameters';
import type { DataChannelPort } from './control-channel';

/** What a viewer is sent that has not asked for anything. */
export interface SendSettings {
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
  readonly degradationPreference: RTCDegradationPreference;
}

/** One connection to one viewer, as far as control needs it. */
export interface ControlledLink {
  readonly connection: Pick<RTCPeerConnection, 'getStats'>;
  /** Whoever controls closes it. */
  readonly channel: DataChannelPort;
  /** Of the video sender. */
  readonly parameters: Pick<SenderParameters, 'change' | 'read'>;
  readonly picture: Pick<FullPicture, 'prefer' | 'hold'>;
  readonly settings: SendSettings;
  /** What the viewer may do, by the server's word of now. */
  readonly peerRole: () => Role;
  /** The video track being sent. */
  readonly videoTrack: () => MediaStreamTrack | undefined;
  /** Something can be lived with; for logs. */
  readonly onTrouble: (trouble: {
    readonly during: 'parameters' | 'statistics';
    readonly error: unknown;
  }) => void;
}

/** Control over one connection. */
export interface ControlAttachment {
  /** Another camera's pictures are sent now, or none. */
  trackReplaced(): void;
  /** Lets go of the connection. Idempotent. */
  close(): void;
}

/** Takes control of a new connection; `PhoneControl.attach` fits. */
export type AttachControl = (link: ControlledLink) => ControlAttachment;
