import { iceUsernameFragments } from './sdp';

/** What taking candidates needs of an `RTCPeerConnection`. */
interface CandidateTaker {
  readonly remoteDescription: { readonly sdp: string } | null;
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
}

/**
 * The other end's ICE candidates: they may arrive before the description they belong to, and
 * late ones may belong to a description that an ICE restart has replaced.
 */
export class RemoteCandidates {
  readonly #connection: CandidateTaker;
  #early: RTCIceCandidateInit[] = [];

  constructor(connection: CandidateTaker) {
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

  /**
   * Adds what came early; call it after each `setRemoteDescription`.
   * @throws the first refusal, once all others have been added.
   */
  async flush(): Promise<void> {
    const waiting = this.#early;
    this.#early = [];
    const outcomes = await Promise.allSettled(waiting.map((candidate) => this.add(candidate)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
  }
}
