/** Where control meets the publisher: phones load what is behind it only once they are live. */
import type { Role } from '../../protocol/fields';
import type { WatchedConnection } from '../connection-recovery';
import type { DataChannelPort } from './control-channel';
import type { ParameterSender } from './sender-parameters';

/** What a viewer is sent that has not asked for anything. */
export interface SendSettings {
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
  readonly degradationPreference: RTCDegradationPreference;
}

/** One connection to one viewer, as far as control needs it. */
export interface ControlledLink {
  readonly connection: WatchedConnection & Pick<RTCPeerConnection, 'getStats'>;
  /** Whoever controls closes it. */
  readonly channel: DataChannelPort;
  /** Whoever controls is the only one who sets its parameters from then on. */
  readonly video: { readonly sender: ParameterSender };
  /** Ends what `startWithFullPicture` began. */
  readonly stopHolding: () => void;
  readonly settings: SendSettings;
  /** What the viewer may do, by the server's word of now. */
  readonly peerRole: () => Role;
  /** What is sent now. */
  readonly tracks: { readonly video: MediaStreamTrack | undefined };
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

/**
 * Fetches what takes control of connections, and with it their channel; `PhoneControl` fits. It may
 * take its time, since the phone speaks first. Never rejects: where it cannot be had, there is no
 * control.
 */
export type LoadControl = () => Promise<
  { attach(link: ControlledLink): ControlAttachment } | undefined
>;
