import { iceUsernameFragments } from './sdp';

/**
 * The other end's ICE candidates: they may arrive before the description they belong to, and
 * late ones may belong to a description that an ICE restart has replaced.
 */
export class RemoteCandidates {
  readonly #connection: RTCPeerConnection;
  #early: RTCIceCandidateInit[] = [];

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  /** Adds a candidate now, or once there is a remote description. */
  async add(candidate: RTCIceCandidateInit): Promise<void> {
    const description = this.#connection.remoteDescription;
    if (description === null) {
      this.#early.push(candidate);
      return;
    }
    const fragment = candidate.usernameFragment;
    const isOutdated =
      typeof fragment === 'string' && !iceUsernameFragments(description.sdp).has(fragment);
    if (!isOutdated) await this.#connection.addIceCandidate(candidate);
  }

  /** Adds what came early; call it after each `setRemoteDescription`. */
  async flush(): Promise<void> {
    const waiting = this.#early;
    this.#early = [];
    for (const candidate of waiting) await this.add(candidate);
  }
}
