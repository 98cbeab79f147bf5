/**
 * One watched stream: a receive-only peer connection that always answers. When the publisher
 * starts a new connection (a new `connectionId` in an offer), this one is replaced, and the
 * picture before stays until the new one flows. What the phone is told and asked goes through
 * `control`, which outlives connections as well.
 */
import { createNanoEvents } from 'nanoevents';
import type { SignalMessage, SignalPayload } from '../protocol/messages';
import { ConnectionRecovery } from './connection-recovery';
import { openControlChannel } from './control/open-control-channel';
import { ViewerControl } from './control/viewer-control';
import { peerConfiguration, renewIceServers } from './peer-configuration';
import { candidatePayload, type SessionTrouble } from './publisher-session';
import { RemoteCandidates } from './remote-candidates';
import { SerialTasks } from './serial-tasks';
import type { SignalingPort } from './signaling-port';
import { readBytesReceived } from './transport-bytes';

/** Longer than the publisher's, so that it repairs first, in milliseconds. */
const PATIENCE_MS = 11_000;

/**
 * Connections that the other end may begin at once, and how long each of them counts. A page that
 * reloads begins one, and rebuilds come every 3 s at most (`MIN_REBUILD_INTERVAL_MS` of the
 * publisher). Whoever begins more would keep this console busy with nothing else, and has to wait.
 */
const NEW_CONNECTIONS_AT_ONCE = 6;
const NEW_CONNECTION_EVERY_MS = 1_000;

/** Candidates that are kept of a connection that waits: more than any machine has addresses for. */
const MAX_WAITING_CANDIDATES = 64;

/** How long later media without pictures may hide its sound once it is connected, in milliseconds. */
const SHOW_ANYWAY_AFTER_MS = 3_000;

/** Where a session stands for the one who watches. */
export type SubscriberState = 'connecting' | 'connected' | 'reconnecting' | 'closed';

export interface SubscriberOptions {
  readonly sessionId: string;
  readonly streamId: string;
  readonly signaling: SignalingPort;
  readonly onTrouble: (trouble: SessionTrouble) => void;
}

interface SubscriberEvents {
  stateChanged: (state: SubscriberState) => void;
  /** There is a `MediaStream` to show, or another one than before. */
  mediaChanged: (media: MediaStream) => void;
}

/** One `RTCPeerConnection` and what belongs to it alone. */
interface Link {
  readonly connectionId: string;
  readonly connection: RTCPeerConnection;
  readonly candidates: RemoteCandidates;
  readonly tasks: SerialTasks;
}

/** A new connection that is one too many for now. */
interface WaitingOffer {
  readonly connectionId: string;
  readonly offer: Offer;
  readonly candidates: RTCIceCandidateInit[];
}

interface Offer {
  readonly sdp: string;
  readonly negotiation: number;
}

/** See the head of this file. */
export class Subscriber {
  /** What this viewer wants of the phone, and what the phone says. */
  readonly control = new ViewerControl();
  readonly #options: SubscriberOptions;
  readonly #events = createNanoEvents<SubscriberEvents>();
  readonly #recovery: ConnectionRecovery;
  #link: Link | undefined;
  /** The one whose picture shows. It outlives its successor's start: closed, it would turn black. */
  #shown: Link | undefined;
  /** Monotonic time at which no connection that began counts any more. */
  #quietAtMs = 0;
  /** The newest that has to wait; those before it are of connections that are gone. */
  #waiting: WaitingOffer | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #showTimer: ReturnType<typeof setTimeout> | undefined;
  #state: SubscriberState = 'connecting';
  #media: MediaStream | undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#recovery = new ConnectionRecovery({
      readBytesReceived: () => this.#readBytesReceived(),
      restartIce: () => this.#askFor('ice'),
      rebuild: () => this.#askFor('connection'),
      onHealthChanged: (isHealthy) => this.#setState(isHealthy ? 'connected' : 'reconnecting'),
      canSignal: () => options.signaling.welcome !== undefined,
      doubtSignaling: () => options.signaling.check(),
      patienceMs: PATIENCE_MS,
    });
    this.#recovery.expectConnection();
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  get streamId(): string {
    return this.#options.streamId;
  }

  get state(): SubscriberState {
    return this.#state;
  }

  /** What to show; undefined until the first track. */
  get media(): MediaStream | undefined {
    return this.#media;
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof SubscriberEvents>(event: E, listener: SubscriberEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Takes what the publisher sent. */
  handleSignal({ connectionId, payload }: SignalMessage): void {
    if (this.#state === 'closed' || connectionId === undefined) return;
    if (payload.kind === 'description') {
      if (payload.description.type === 'offer') this.#answer(connectionId, payload.description);
      return;
    }
    if (payload.kind === 'candidate') this.#addCandidate(connectionId, payload.candidate);
  }

  /** Signalling is back and this session still open: repair what needs it. */
  signalingReturned(): void {
    if (this.#state !== 'closed') this.#recovery.signalingReturned();
  }

  /** Statistics of the present connection; undefined before there is one. */
  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.#link?.connection.getStats();
  }

  /**
   * Where the sound that is heard comes from, with its level as the sender measured it; empty before
   * there is any.
   */
  getSynchronizationSources(): RTCRtpSynchronizationSource[] {
    const receivers = this.#shown?.connection.getReceivers() ?? [];
    const ofSound = receivers.find(({ track }) => track.kind === 'audio');
    return ofSound?.getSynchronizationSources() ?? [];
  }

  /** Closes the peer connection; its tracks end. Idempotent. */
  close(): void {
    clearTimeout(this.#showTimer);
    this.#stopWaiting();
    this.#recovery.close();
    this.control.close();
    this.#shown?.connection.close();
    this.#link?.connection.close();
    this.#shown = this.#link = undefined;
    this.#setState('closed');
  }

  #answer(connectionId: string, offer: Offer): void {
    const waitMs = this.#waitFor(connectionId);
    if (waitMs > 0) {
      const known = this.#waiting?.connectionId === connectionId ? this.#waiting.candidates : [];
      this.#answerIn(waitMs, { connectionId, offer, candidates: known });
      return;
    }
    const link = this.#linkFor(connectionId);
    link.tasks.add(
      async () => {
        if (link !== this.#link) return;
        // A later offer is an ICE restart, or repeats one that was not heard.
        if (link.connection.remoteDescription !== null) {
          renewIceServers(link.connection, this.#options.signaling.iceServers);
        }
        await link.connection.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
        if (link !== this.#link) return;
        await link.candidates.flush();
        if (link !== this.#link) return;
        await link.connection.setLocalDescription();
        const sdp = link.connection.localDescription?.sdp;
        if (link !== this.#link || sdp === undefined) return;
        const { negotiation } = offer;
        this.#send(link.connectionId, {
          kind: 'description',
          description: { type: 'answer', sdp, negotiation },
        });
      },
      (error) => this.#options.onTrouble({ during: 'answer', error }),
    );
  }

  /** The connection of that id, a new one if need be. */
  #linkFor(connectionId: string): Link {
    if (this.#link?.connectionId === connectionId) return this.#link;
    this.#stopWaiting();
    this.#quietAtMs = Math.max(this.#quietAtMs, performance.now()) + NEW_CONNECTION_EVERY_MS;
    clearTimeout(this.#showTimer);
    if (this.#link !== this.#shown) this.#link?.connection.close();
    const { iceServers } = this.#options.signaling;
    const connection = new RTCPeerConnection(peerConfiguration(iceServers));
    const link = {
      connectionId,
      connection,
      candidates: new RemoteCandidates(connection),
      tasks: new SerialTasks(),
    };
    this.#link = link;
    this.control.attach(openControlChannel(connection));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (link === this.#link) this.#send(connectionId, candidatePayload(candidate));
    });
    connection.addEventListener('track', ({ track, streams: [media] }) => {
      if (track.kind === 'video' && media !== undefined) this.#show(link, track, media);
    });
    this.#recovery.watch(connection);
    return link;
  }

  /** How long until a connection of that id may begin, in milliseconds; 0 for one that has begun. */
  #waitFor(connectionId: string): number {
    if (this.#link?.connectionId === connectionId) return 0;
    const countedMs = this.#quietAtMs - performance.now();
    const waitMs = countedMs - (NEW_CONNECTIONS_AT_ONCE - 1) * NEW_CONNECTION_EVERY_MS;
    return Math.max(0, Math.ceil(waitMs));
  }

  #answerIn(waitMs: number, waiting: WaitingOffer): void {
    if (this.#waiting === undefined) {
      const error = new Error('The phone begins connections too often; the newest has to wait.');
      this.#options.onTrouble({ during: 'offer', error });
    }
    this.#stopWaiting();
    this.#waiting = waiting;
    this.#waitTimer = setTimeout(() => {
      const { connectionId, offer, candidates } = waiting;
      this.#waiting = undefined;
      this.#answer(connectionId, offer);
      for (const candidate of candidates) this.#addCandidate(connectionId, candidate);
    }, waitMs);
  }

  #stopWaiting(): void {
    clearTimeout(this.#waitTimer);
    this.#waiting = undefined;
  }

  /**
   * The first media is shown at once; later media when its pictures arrive, to avoid a black gap.
   * Where none arrive, such as from a camera that ended, it is shown for its sound.
   */
  #show(link: Link, track: MediaStreamTrack, media: MediaStream): void {
    const show = (): void => {
      if (link !== this.#link || this.#media === media) return;
      clearTimeout(this.#showTimer);
      const before = this.#shown;
      this.#shown = link;
      this.#media = media;
      this.#events.emit('mediaChanged', media);
      if (before !== link) before?.connection.close();
    };
    if (this.#media === undefined || !track.muted) {
      show();
      return;
    }
    track.addEventListener('unmute', show, { once: true });
    const { connection } = link;
    connection.addEventListener('connectionstatechange', () => {
      if (link !== this.#link || connection.connectionState !== 'connected') return;
      clearTimeout(this.#showTimer);
      if (this.#media !== media) this.#showTimer = setTimeout(show, SHOW_ANYWAY_AFTER_MS);
    });
  }

  #addCandidate(connectionId: string, candidate: RTCIceCandidateInit): void {
    const link = this.#link;
    if (this.#waiting?.connectionId === connectionId) {
      const { candidates } = this.#waiting;
      if (candidates.length < MAX_WAITING_CANDIDATES) candidates.push(candidate);
      return;
    }
    if (link?.connectionId !== connectionId) return;
    link.tasks.add(
      async () => {
        if (link === this.#link) await link.candidates.add(candidate);
      },
      (error) => this.#options.onTrouble({ during: 'candidate', error }),
    );
  }

  #askFor(scope: 'ice' | 'connection'): void {
    this.#send(this.#link?.connectionId, { kind: 'restart', scope });
  }

  #send(connectionId: string | undefined, payload: SignalPayload): void {
    const { sessionId, signaling } = this.#options;
    // False means that signalling is down: its return starts a repair where one is needed.
    signaling.send({
      type: 'signal',
      sessionId,
      ...(connectionId === undefined ? {} : { connectionId }),
      payload,
    });
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

  #setState(state: SubscriberState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.#events.emit('stateChanged', state);
  }
}
