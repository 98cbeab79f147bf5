import type { ClientMessageInput, IceServer, ServerMessage, Welcome } from '../protocol/messages';

/** What peer sessions need of signalling; `SignalingClient` fits. */
export interface SignalingPort {
  /** Of the present connection; undefined while there is none. */
  readonly welcome: Welcome | undefined;
  /** The newest ones: their credentials are valid now. Empty before the first welcome. */
  readonly iceServers: readonly IceServer[];
  /** @returns false when there is no connection; nothing is queued. */
  send(message: ClientMessageInput): boolean;
  /** Finds out soon whether the connection still stands; does nothing where there is none. */
  check(): void;
  on(event: 'welcomed', listener: (welcome: Welcome) => void): () => void;
  on(event: 'message', listener: (message: ServerMessage) => void): () => void;
}
