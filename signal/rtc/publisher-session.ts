/**
 * One viewer of a stream, as the publisher sees it: a send-only peer connection that always
 * offers. It repairs itself; when a repair needs a whole new connection, the session goes on with
 * a new `connectionId` and the subscriber starts afresh.
 */
import type { Role } from '../protocol/fields';
import type { SignalMessage, SignalPayload } from '../protocol/messages';
import { randomId } from '../protocol/random-id';
import { ConnectionRecovery } from './connection-recovery';
import type { ControlAttachment, LoadControl } from './control/controlled-link';
import { openControlChannel } from './control/open-control-channel';
import { startWithFullPicture } from './full-picture';
import { peerConfiguration, renewIceServers } from './peer-configuration';
import { RemoteCandidates } from './remote-candidates';
import { withStartBitrate } from './sdp';
import { SerialTasks } from './serial-tasks';
import type { SignalingPort } from './signaling-port';
import { readBytesReceived } from './transport-bytes';
import { orderCodecs, type PreferredVideoCodec } from './video-codec';

/** Age under which a connection is too young to be replaced on the other end's wish, in milliseconds. */
const MIN_REBUILD_INTERVAL_MS = 3_000;

/** How video is sent to each viewer. */
export interface VideoSendSettings {
  readonly maxBitrateBps: number;
  /** What the encoder starts at; the congestion controller adapts from there. */
  readonly startBitrateBps: number;
  readonly maxFramerate: number;
  readonly degradationPreference: RTCDegradationPreference;
  readonly preferredCodec: PreferredVideoCodec;
}

/** What is sent; undefined where there is none at the moment. */
export interface SentTracks {
  audio: MediaStreamTrack | undefined;
  video: MediaStreamTrack | undefined;
}

/** Something went wrong that repairs itself or can be lived with; for logs. */
export interface SessionTrouble {
  readonly during: 'offer' | 'answer' | 'candidate' | 'parameters' | 'statistics';
  readonly error: unknown;
}

export interface PublisherSessionOptions {
  readonly sessionId: string;
  readonly signaling: SignalingPort;
  /** Shared with the publisher, which replaces tracks in it. */
  readonly tracks: Readonly<SentTracks>;
  readonly settings: VideoSendSettings;
  /** What the viewer may do, by the server's word. */
  readonly peerRole: Role;
  /** Absent where viewers get no say. */
  readonly loadControl?: LoadControl | undefined;
  readonly onTrouble: (trouble: SessionTrouble) => void;
}

/** One `RTCPeerConnection` and what belongs to it alone. */
interface Link {
  readonly connectionId: string;
  readonly connection: RTCPeerConnection;
  readonly candidates: RemoteCandidates;
  readonly tasks: SerialTasks;
  readonly audio: RTCRtpTransceiver;
  readonly video: RTCRtpTransceiver;
  readonly stopHolding: () => void;
  readonly createdAt: number;
  control: ControlAttachment | undefined;
  /** Number of the latest offer. */
  negotiation: number;
  /** Candidates found before their offer was sent. */
  unsent: SignalPayload[] | undefined;
}

/** See the head of this file. */
export class PublisherSession {
  readonly #options: PublisherSessionOptions;
  readonly #recovery: ConnectionRecovery;
  #link: Link | undefined;
  #restartedAt = -MIN_REBUILD_INTERVAL_MS;
  #isClosed = false;
  #peerRole: Role;

  constructor(options: PublisherSessionOptions) {
    this.#options = options;
    this.#peerRole = options.peerRole;
    this.#recovery = new ConnectionRecovery({
      readBytesReceived: () => this.#readBytesReceived(),
      restartIce: () => this.#restartIce(),
      rebuild: () => this.#connect(),
      onHealthChanged: () => undefined,
      canSignal: () => options.signaling.welcome !== undefined,
      doubtSignaling: () => options.signaling.check(),
    });
    this.#connect();
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** Takes what the subscriber sent. */
  handleSignal({ connectionId, payload }: SignalMessage): void {
    if (payload.kind === 'restart') {
      this.#onRestartWish(payload.scope);
      return;
    }
    const link = this.#link;
    if (link === undefined || connectionId !== link.connectionId) return;
    switch (payload.kind) {
      case 'description':
        if (payload.description.type === 'answer') this.#applyAnswer(link, payload.description);
        break;
      case 'candidate':
        this.#addCandidate(link, payload.candidate);
        break;
      case 'end-of-candidates':
        break;
    }
  }

  /** The server announced this session again: repair what needs it. */
  announcedAgain(peerRole: Role): void {
    this.#peerRole = peerRole;
    const link = this.#link;
    if (link === undefined) return;
    const { connectionState, signalingState } = link.connection;
    if (connectionState === 'connected' && signalingState === 'have-local-offer') {
      this.#sendOffer(link);
    } else {
      this.#recovery.signalingReturned();
    }
  }

  /** Sends another track, or none, without renegotiation. */
  async replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    const link = this.#link;
    try {
      await link?.[kind].sender.replaceTrack(track ?? null);
      if (kind === 'video') link?.control?.trackReplaced();
    } catch (error) {
      // A connection that was closed meanwhile refuses; its successor began with the new track.
      if (link === this.#link) throw error;
    }
  }

  /** Statistics of the present connection. */
  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.#link?.connection.getStats();
  }

  /** Closes the peer connection; leaves the tracks alone. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#recovery.close();
    this.#dropLink();
  }

  #connect(): void {
    if (this.#isClosed) return;
    this.#dropLink();
    const { signaling, tracks, settings, onTrouble } = this.#options;
    const connection = new RTCPeerConnection(peerConfiguration(signaling.iceServers));
    // One MediaStream for both, so that the receiver keeps sound and picture in step.
    const streams = [new MediaStream()];
    const audio = connection.addTransceiver(tracks.audio ?? 'audio', {
      direction: 'sendonly',
      streams,
    });
    const video = connection.addTransceiver(tracks.video ?? 'video', {
      direction: 'sendonly',
      streams,
      sendEncodings: [{ maxBitrate: settings.maxBitrateBps, maxFramerate: settings.maxFramerate }],
    });
    const link: Link = {
      connectionId: randomId(),
      connection,
      candidates: new RemoteCandidates(connection),
      tasks: new SerialTasks(),
      audio,
      video,
      stopHolding: startWithFullPicture({
        connection,
        sender: video.sender,
        preference: settings.degradationPreference,
        onError: (error) => {
          if (connection === this.#link?.connection) onTrouble({ during: 'parameters', error });
        },
      }),
      createdAt: performance.now(),
      control: undefined,
      negotiation: 0,
      unsent: [],
    };
    this.#link = link;
    this.#preferCodec(link);
    void this.#attachControl(link);
    connection.addEventListener('icecandidate', ({ candidate }) => {
      this.#onLocalCandidate(link, candidate);
    });
    this.#recovery.watch(connection);
    this.#offer(link, {});
  }

  #preferCodec({ video }: Link): void {
    const codecs = RTCRtpSender.getCapabilities('video')?.codecs;
    // Without setCodecPreferences (Firefox before 128) the browser's own order stands.
    if (codecs === undefined || !('setCodecPreferences' in video)) return;
    try {
      video.setCodecPreferences(orderCodecs(codecs, this.#options.settings.preferredCodec));
    } catch (error) {
      // Browsers that check against what they can receive refuse a codec they only send.
      this.#options.onTrouble({ during: 'parameters', error });
    }
  }

  async #attachControl(link: Link): Promise<void> {
    const { loadControl } = this.#options;
    if (loadControl === undefined) return;
    // Now, so that the first offer has it.
    const channel = openControlChannel(link.connection);
    const control = await loadControl();
    if (link !== this.#link) return;
    const peerRole = (): Role => this.#peerRole;
    link.control = control?.attach({ ...this.#options, ...link, channel, peerRole });
  }

  #restartIce(): void {
    if (this.#link === undefined) return;
    this.#restartedAt = performance.now();
    this.#offer(this.#link, { iceRestart: true });
  }

  #onRestartWish(scope: 'ice' | 'connection'): void {
    const link = this.#link;
    const since = scope === 'ice' ? this.#restartedAt : link?.createdAt;
    if (link === undefined || since === undefined) {
      this.#connect();
    } else if (performance.now() - since < MIN_REBUILD_INTERVAL_MS) {
      // It is under way already. An offer that the subscriber was not there to hear is repeated.
      if (link.unsent === undefined && link.connection.signalingState === 'have-local-offer') {
        this.#sendOffer(link);
      }
    } else if (scope === 'ice') {
      this.#restartIce();
    } else {
      this.#connect();
    }
  }

  #offer(link: Link, options: RTCOfferOptions): void {
    link.tasks.add(
      async () => {
        if (link !== this.#link) return;
        link.negotiation += 1;
        link.unsent ??= [];
        if (options.iceRestart === true) {
          renewIceServers(link.connection, this.#options.signaling.iceServers);
        }
        const offer = await link.connection.createOffer(options);
        if (link !== this.#link) return;
        await link.connection.setLocalDescription(offer);
        if (link !== this.#link) return;
        this.#sendOffer(link);
        const found = link.unsent;
        link.unsent = undefined;
        for (const payload of found) this.#send(link, payload);
      },
      (error) => this.#options.onTrouble({ during: 'offer', error }),
    );
  }

  #sendOffer(link: Link): void {
    const sdp = link.connection.localDescription?.sdp;
    if (sdp === undefined) return;
    this.#send(link, {
      kind: 'description',
      description: { type: 'offer', sdp, negotiation: link.negotiation },
    });
  }

  #applyAnswer(link: Link, answer: { readonly sdp: string; readonly negotiation: number }): void {
    link.tasks.add(
      async () => {
        if (link !== this.#link || answer.negotiation !== link.negotiation) return;
        if (link.connection.signalingState !== 'have-local-offer') return;
        await link.connection.setRemoteDescription({
          type: 'answer',
          sdp: withStartBitrate(answer.sdp, this.#options.settings.startBitrateBps),
        });
        if (link === this.#link) await link.candidates.flush();
      },
      (error) => this.#options.onTrouble({ during: 'answer', error }),
    );
  }

  #addCandidate(link: Link, candidate: RTCIceCandidateInit): void {
    link.tasks.add(
      async () => {
        if (link === this.#link) await link.candidates.add(candidate);
      },
      (error) => this.#options.onTrouble({ during: 'candidate', error }),
    );
  }

  #onLocalCandidate(link: Link, candidate: RTCIceCandidate | null): void {
    if (link !== this.#link) return;
    const payload = candidatePayload(candidate);
    if (link.unsent === undefined) this.#send(link, payload);
    else link.unsent.push(payload);
  }

  #send(link: Link, payload: SignalPayload): void {
    const { sessionId, signaling } = this.#options;
    // False means that signalling is down: its return starts a repair where one is needed.
    signaling.send({ type: 'signal', sessionId, connectionId: link.connectionId, payload });
  }

  async #readBytesReceived(): Promise<number | undefined> {
    if (this.#link === undefined) return undefined;
    try {
      return await readBytesReceived(this.#link.connection);
    } catch (error) {
      this.#options.onTrouble({ during: 'statistics', error });
      return undefined;
    }
  }

  #dropLink(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.stopHolding();
    link?.control?.close();
    link?.connection.close();
  }
}

/** A gathered candidate as it travels; null, or an empty one, says that there are no more. */
export function candidatePayload(candidate: RTCIceCandidate | null): SignalPayload {
  if (candidate === null || candidate.candidate === '') return { kind: 'end-of-candidates' };
  const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
  return {
    kind: 'candidate',
    candidate: { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment },
  };
}
