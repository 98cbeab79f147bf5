/**
 * Everything a console watches: one `Subscriber` for each stream, kept in step with the server.
 * Pictures outlive signalling: a server that lost its memory takes no stream off the wall as long
 * as its pictures flow, and sessions are claimed again instead of rebuilt.
 *
 * Control goes by stream id, so that whoever lays out tiles need not care for sessions:
 * `setViewport` and `setQuality` are kept and told to every later session of the stream too,
 * `command` always resolves, and what phones tell comes as `telemetry`, `cameraChanged`,
 * `qualityApplied` and `controlStateChanged`. The newest of each is at `subscriber.control`.
 */
import { createNanoEvents } from 'nanoevents';
import type { CameraCommand, Quality, Viewport } from '../protocol/control';
import type { AppliedQuality, CameraFacts, Telemetry } from '../protocol/control-reports';
import type {
  ErrorMessage,
  ServerMessage,
  SessionInfo,
  StreamInfo,
  StreamRemovedReason,
  Welcome,
} from '../protocol/messages';
import { fail } from '../protocol/result';
import type { CommandOutcome, ControlState } from './control/viewer-control';
import type { SessionTrouble } from './publisher-session';
import type { SignalingPort } from './signaling-port';
import { Subscriber } from './subscriber';

/** A stream as the console holds it. */
export interface WatchedStream {
  readonly info: StreamInfo;
  /** False when the server does not know the stream (any more); its media may still flow. */
  readonly isListed: boolean;
  readonly subscriber: Subscriber | undefined;
}

interface SubscriptionsEvents {
  streamAdded: (stream: WatchedStream) => void;
  /** A fact of the stream changed, or it has another subscriber. */
  streamChanged: (stream: WatchedStream) => void;
  streamRemoved: (info: StreamInfo, reason: StreamRemovedReason) => void;
  /** Whether the phone of a stream can be controlled now. */
  controlStateChanged: (streamId: string, state: ControlState) => void;
  /** Once a second from each phone that can be controlled. */
  telemetry: (streamId: string, telemetry: Telemetry) => void;
  cameraChanged: (streamId: string, camera: CameraFacts) => void;
  qualityApplied: (streamId: string, applied: AppliedQuality) => void;
  trouble: (
    trouble: SessionTrouble | { readonly during: 'request'; readonly error: ErrorMessage },
  ) => void;
}

/** What is wanted of a stream, whatever session carries it. */
interface Wishes {
  readonly viewport?: Viewport;
  readonly quality?: Quality;
}

type Timer = ReturnType<typeof setTimeout>;

/** See the head of this file. */
export class Subscriptions {
  readonly #signaling: SignalingPort;
  readonly #events = createNanoEvents<SubscriptionsEvents>();
  /** In the order in which they were first seen: a stream that comes back keeps its place. */
  readonly #streams = new Map<string, WatchedStream>();
  readonly #wishes = new Map<string, Wishes>();
  readonly #unsubscribe: readonly (() => void)[];
  #graceTimer: Timer | undefined;
  #isClosed = false;

  constructor({ signaling }: { readonly signaling: SignalingPort }) {
    this.#signaling = signaling;
    this.#unsubscribe = [
      signaling.on('welcomed', (welcome) => this.#onWelcome(welcome)),
      signaling.on('message', (message) => this.#onMessage(message)),
    ];
    if (signaling.welcome !== undefined) this.#onWelcome(signaling.welcome);
  }

  /** All watched streams, in the order in which they were first seen. */
  get streams(): readonly WatchedStream[] {
    return [...this.#streams.values()];
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof SubscriptionsEvents>(event: E, listener: SubscriptionsEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Tells a phone what its tile shows; no other viewer's pictures change by it. */
  setViewport(streamId: string, viewport: Viewport): void {
    this.#wish(streamId, { viewport });
    this.#streams.get(streamId)?.subscriber?.control.setViewport(viewport);
  }

  /** Overrides how quality follows the tile. */
  setQuality(streamId: string, quality: Quality): void {
    this.#wish(streamId, { quality });
    this.#streams.get(streamId)?.subscriber?.control.setQuality(quality);
  }

  /** Asks a phone for something. Resolves within 2 s, whatever happens. */
  command(streamId: string, command: CameraCommand): Promise<CommandOutcome> {
    const control = this.#streams.get(streamId)?.subscriber?.control;
    return control?.command(command) ?? Promise.resolve(fail({ reason: 'not-connected' }));
  }

  /** Stops watching everything. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#graceTimer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { subscriber } of this.#streams.values()) {
      if (subscriber === undefined) continue;
      this.#signaling.send({ type: 'unsubscribe', sessionId: subscriber.sessionId });
      subscriber.close();
    }
    this.#streams.clear();
    this.#wishes.clear();
  }

  #onWelcome(welcome: Welcome): void {
    // An emitter still calls who stopped listening during the very event that it emits.
    if (this.#isClosed) return;
    const listed = new Set(welcome.streams.map(({ streamId }) => streamId));
    for (const stream of [...this.#streams.values()]) {
      if (listed.has(stream.info.streamId)) continue;
      if (welcome.resumed) this.#remove(stream.info.streamId, 'lost');
      else this.#change(stream, { isListed: false });
    }
    // Two consoles that open at the same time show the same order.
    const oldestFirst = [...welcome.streams].sort((a, b) => a.startedAt - b.startedAt);
    for (const info of oldestFirst) this.#onStream(info);
    const open = new Set(welcome.sessions.map(({ sessionId }) => sessionId));
    for (const { info, subscriber } of this.#streams.values()) {
      if (subscriber !== undefined && open.has(subscriber.sessionId))
        subscriber.signalingReturned();
      else if (listed.has(info.streamId)) this.#subscribe(info.streamId);
    }
    this.#expectUnlisted(welcome.resumeWindowMs);
  }

  #onMessage(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case 'stream-added':
        this.#onStream(message.stream);
        this.#subscribe(message.stream.streamId);
        break;
      case 'stream-updated':
        this.#onStream(message.stream);
        break;
      case 'stream-removed':
        this.#remove(message.streamId, message.reason);
        break;
      case 'session-opened':
        if (message.session.role === 'subscriber') this.#openSession(message.session);
        break;
      case 'session-closed':
        this.#closeSession(message.sessionId);
        break;
      case 'signal':
        this.#findSession(message.sessionId)?.subscriber?.handleSignal(message);
        break;
      case 'error':
        this.#events.emit('trouble', { during: 'request', error: message });
        break;
      default:
        // Not about streams and sessions.
        break;
    }
  }

  #onStream(info: StreamInfo): void {
    const known = this.#streams.get(info.streamId);
    if (known !== undefined) {
      this.#change(known, { info, isListed: true });
      return;
    }
    const added = { info, isListed: true, subscriber: undefined };
    this.#streams.set(info.streamId, added);
    this.#events.emit('streamAdded', added);
  }

  /** Asks to watch; claims the session we still hold, so that flowing pictures go on. */
  #subscribe(streamId: string): void {
    const sessionId = this.#streams.get(streamId)?.subscriber?.sessionId;
    this.#signaling.send({
      type: 'subscribe',
      streamId,
      ...(sessionId === undefined ? {} : { sessionId }),
    });
  }

  #openSession({ sessionId, streamId }: SessionInfo): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      this.#signaling.send({ type: 'unsubscribe', sessionId });
      return;
    }
    if (stream.subscriber?.sessionId === sessionId) {
      stream.subscriber.signalingReturned();
      return;
    }
    stream.subscriber?.close();
    const subscriber = new Subscriber({
      sessionId,
      streamId,
      signaling: this.#signaling,
      onTrouble: (trouble) => this.#events.emit('trouble', trouble),
    });
    this.#follow(subscriber);
    this.#change(stream, { subscriber });
  }

  #follow({ streamId, control }: Subscriber): void {
    const { viewport, quality } = this.#wishes.get(streamId) ?? {};
    control.on('controlStateChanged', (state) => {
      this.#events.emit('controlStateChanged', streamId, state);
    });
    control.on('telemetry', (telemetry) => this.#events.emit('telemetry', streamId, telemetry));
    control.on('cameraChanged', (camera) => this.#events.emit('cameraChanged', streamId, camera));
    control.on('qualityApplied', (applied) => {
      this.#events.emit('qualityApplied', streamId, applied);
    });
    if (quality !== undefined) control.setQuality(quality);
    if (viewport !== undefined) control.setViewport(viewport);
  }

  /** Kept for streams on the wall only; one that comes back afresh is wished for afresh. */
  #wish(streamId: string, wishes: Wishes): void {
    if (!this.#streams.has(streamId)) return;
    this.#wishes.set(streamId, { ...this.#wishes.get(streamId), ...wishes });
  }

  #closeSession(sessionId: string): void {
    const stream = this.#findSession(sessionId);
    if (stream === undefined) return;
    stream.subscriber?.close();
    this.#change(stream, { subscriber: undefined });
  }

  #findSession(sessionId: string): WatchedStream | undefined {
    for (const stream of this.#streams.values()) {
      if (stream.subscriber?.sessionId === sessionId) return stream;
    }
    return undefined;
  }

  /** Publishers get the resume window to return to a server that forgot them. */
  #expectUnlisted(withinMs: number): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => {
      const forgotten = this.streams.filter(({ isListed }) => !isListed);
      for (const { info, subscriber } of forgotten) {
        if (subscriber?.state !== 'connected') this.#remove(info.streamId, 'lost');
      }
      if (forgotten.length > 0) this.#expectUnlisted(withinMs);
    }, withinMs);
  }

  #remove(streamId: string, reason: StreamRemovedReason): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#streams.delete(streamId);
    this.#wishes.delete(streamId);
    stream.subscriber?.close();
    this.#events.emit('streamRemoved', stream.info, reason);
  }

  #change(stream: WatchedStream, change: Partial<WatchedStream>): void {
    const changed = { ...stream, ...change };
    this.#streams.set(stream.info.streamId, changed);
    this.#events.emit('streamChanged', changed);
  }
}
