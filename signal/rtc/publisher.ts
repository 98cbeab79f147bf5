/**
 * A live stream: keeps it published over every reconnect, and gives each viewer a session. It
 * owns the peer connections, not the tracks.
 */
import { createNanoEvents } from 'nanoevents';
import type { Device } from '../protocol/fields';
import type {
  CaptureFacts,
  ErrorMessage,
  ServerMessage,
  SessionInfo,
  StreamInfo,
  Welcome,
} from '../protocol/messages';
import type { LoadControl } from './control/controlled-link';
import {
  PublisherSession,
  type SentTracks,
  type SessionTrouble,
  type VideoSendSettings,
} from './publisher-session';
import type { SignalingPort } from './signaling-port';

/**
 * Time after which a stream for which there was no place asks again, in milliseconds; doubled each
 * time up to the longest. A hundred phones that wait ask no more than twice a second.
 */
const ASK_AGAIN_MS = 10_000;
const MAX_ASK_AGAIN_MS = 60_000;

export interface PublisherOptions {
  readonly signaling: SignalingPort;
  readonly streamId: string;
  readonly label: string;
  readonly device: Device;
  readonly capture: CaptureFacts;
  /** When the stream went live, by this device's clock in milliseconds; now unless given. */
  readonly liveSinceMs?: number;
  readonly video: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
  readonly settings: VideoSendSettings;
  /** Takes each connection under control; absent where viewers get no say. */
  readonly loadControl?: LoadControl;
}

interface PublisherEvents {
  viewerCountChanged: (count: number) => void;
  /** Whether the server confirms that the stream is on the wall, on the present connection. */
  publishedChanged: (isOnWall: boolean) => void;
  /** The server refused the stream; where it had no place for it, it is asked again. */
  refused: (error: ErrorMessage) => void;
  trouble: (trouble: SessionTrouble) => void;
}

/** What may change while live. */
export interface PublisherChange {
  readonly label?: string;
  readonly device?: Device;
  readonly capture?: CaptureFacts;
}

/** See the head of this file. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #events = createNanoEvents<PublisherEvents>();
  readonly #sessions = new Map<string, PublisherSession>();
  readonly #tracks: SentTracks;
  #liveSinceMs: number;
  readonly #unsubscribe: readonly (() => void)[];
  #facts: Required<PublisherChange>;
  #viewerCount = 0;
  #isOnWall = false;
  #askAgainMs = ASK_AGAIN_MS;
  /** Set while the server has no place for the stream. */
  #askAgainTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { label, device, capture, video, audio, signaling } = options;
    this.#facts = { label, device, capture };
    this.#tracks = { video, audio };
    this.#liveSinceMs = options.liveSinceMs ?? Date.now();
    this.#unsubscribe = [
      signaling.on('welcomed', (welcome) => this.#onWelcome(welcome)),
      signaling.on('message', (message) => this.#onMessage(message)),
    ];
    if (signaling.welcome !== undefined) this.#onWelcome(signaling.welcome);
  }

  /** Open sessions on this stream, as the server counts them. */
  get viewerCount(): number {
    return this.#viewerCount;
  }

  /** True once the server has confirmed the stream on the present connection. */
  get isOnWall(): boolean {
    return this.#isOnWall && this.#options.signaling.welcome !== undefined;
  }

  /** Whether the server has no place for the stream now, and is asked again by itself. */
  get isPutOff(): boolean {
    return this.#askAgainTimer !== undefined;
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof PublisherEvents>(event: E, listener: PublisherEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Changes what is shown of the stream; kept for the next connection where there is none now. */
  update(change: PublisherChange): void {
    if (this.#isClosed) return;
    this.#facts = { ...this.#facts, ...change };
    const { signaling, streamId } = this.#options;
    signaling.send({ type: 'update-stream', streamId, ...change });
  }

  /** Asks for the stream's place on the wall, now; the server answers with all that is open on it. */
  publish(): void {
    this.#stopAsking();
    const { signaling, streamId } = this.#options;
    signaling.send({
      type: 'publish',
      streamId,
      ...this.#facts,
      liveForMs: Math.max(0, Date.now() - this.#liveSinceMs),
    });
  }

  /**
   * Counts the stream's age anew: what was before was not live.
   * @param liveSinceMs - by this device's clock, in milliseconds
   */
  restartClock(liveSinceMs: number): void {
    this.#liveSinceMs = liveSinceMs;
  }

  /** Sends another track, or none, to everyone who watches; no renegotiation, no reconnect. */
  async replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    this.#tracks[kind] = track;
    const sessions = [...this.#sessions.values()];
    await Promise.all(sessions.map((session) => session.replaceTrack(kind, track)));
  }

  /** One report for each open session. */
  async getStats(): Promise<readonly RTCStatsReport[]> {
    const sessions = [...this.#sessions.values()];
    const reports = await Promise.all(sessions.map((session) => session.getStats()));
    return reports.filter((report) => report !== undefined);
  }

  /** Takes the stream off the wall and closes every peer connection. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#stopAsking();
    this.#unpublish();
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  /**
   * A stream that is stopped while signaling is down must not come back with its connection. One
   * that waits in the lobby is in no list, so a server that has kept us is asked in any case.
   */
  #unpublish(): void {
    const { signaling, streamId } = this.#options;
    if (signaling.send({ type: 'unpublish', streamId })) return;
    const stopListening = signaling.on('welcomed', ({ streams, resumed }) => {
      stopListening();
      const isStillListed = streams.some((stream) => stream.streamId === streamId);
      if (resumed || isStillListed) signaling.send({ type: 'unpublish', streamId });
    });
  }

  #onWelcome(welcome: Welcome): void {
    // An emitter still calls who stopped listening during the very event that it emits.
    if (this.#isClosed) return;
    this.#setOnWall(false);
    if (welcome.resumed) this.#closeAllBut(welcome.sessions.map(({ sessionId }) => sessionId));
    this.publish();
  }

  /** Sessions that ended while we were away. A server without memory knows none: nothing ends. */
  #closeAllBut(sessionIds: readonly string[]): void {
    for (const sessionId of this.#sessions.keys()) {
      if (!sessionIds.includes(sessionId)) this.#closeSession(sessionId);
    }
  }

  #onMessage(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case 'stream-added':
      case 'stream-updated':
        this.#onStream(message.stream);
        break;
      case 'stream-removed':
        if (message.streamId === this.#options.streamId) this.#setOnWall(false);
        break;
      case 'session-opened':
        if (message.session.streamId === this.#options.streamId) {
          this.#openSession(message.session);
        }
        break;
      case 'session-closed':
        this.#closeSession(message.sessionId);
        break;
      case 'signal':
        this.#sessions.get(message.sessionId)?.handleSignal(message);
        break;
      case 'moderated':
        // The server has the name already: it is only kept for the next connection.
        if (message.action.kind === 'renamed') {
          this.#facts = { ...this.#facts, label: message.action.label };
        }
        break;
      case 'error':
        this.#onError(message);
        break;
      default:
        // Not about streams and sessions.
        break;
    }
  }

  #onStream(stream: StreamInfo): void {
    if (stream.streamId !== this.#options.streamId) return;
    this.#setOnWall(true);
    if (stream.viewerCount === this.#viewerCount) return;
    this.#viewerCount = stream.viewerCount;
    this.#events.emit('viewerCountChanged', stream.viewerCount);
  }

  #openSession({ sessionId, peerRole }: SessionInfo): void {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) {
      known.announcedAgain(peerRole);
      return;
    }
    const session = new PublisherSession({
      sessionId,
      signaling: this.#options.signaling,
      tracks: this.#tracks,
      settings: this.#options.settings,
      peerRole,
      loadControl: this.#options.loadControl,
      onTrouble: (trouble) => this.#events.emit('trouble', trouble),
    });
    this.#sessions.set(sessionId, session);
  }

  #closeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.close();
    this.#sessions.delete(sessionId);
  }

  #onError(error: ErrorMessage): void {
    if (error.sessionId !== undefined && error.id === 'unknown-session') {
      this.#closeSession(error.sessionId);
    } else if (error.answers === 'publish') {
      if (error.id === 'too-many-streams') this.#askLater();
      this.#events.emit('refused', error);
    }
  }

  #askLater(): void {
    this.#stopAsking();
    this.#askAgainTimer = setTimeout(() => this.publish(), this.#askAgainMs);
    this.#askAgainMs = Math.min(this.#askAgainMs * 2, MAX_ASK_AGAIN_MS);
  }

  #stopAsking(): void {
    clearTimeout(this.#askAgainTimer);
    this.#askAgainTimer = undefined;
  }

  #setOnWall(isOnWall: boolean): void {
    if (isOnWall) this.#askAgainMs = ASK_AGAIN_MS;
    if (this.#isOnWall === isOnWall) return;
    this.#isOnWall = isOnWall;
    this.#events.emit('publishedChanged', isOnWall);
  }
}
