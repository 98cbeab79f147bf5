/**
 * The server's whole memory: clients, streams and sessions, as plain data. No sockets, no timers:
 * the caller brings the time and carries out the effects. An operation either succeeds with
 * effects or is refused and changes nothing.
 */
import { randomUUID } from 'node:crypto';
import type { CloseName } from '../protocol/close-codes';
import type { Device } from '../protocol/fields';
import { PROTOCOL_VERSION } from '../protocol/limits';
import type {
  CaptureFacts,
  ClientMessage,
  ErrorId,
  ServerMessage,
  SessionClosedReason,
  SessionInfo,
  StreamInfo,
  StreamRemovedReason,
} from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';
import { Roster, type AdmissionRequest, type Client } from './roster';

/** Longest age a publisher may claim for its stream, in milliseconds: seven days. */
const MAX_STREAM_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** What the caller has to do. Receivers are ids of connected clients. */
export type Effect =
  | { readonly kind: 'send'; readonly to: readonly string[]; readonly message: ServerMessage }
  /** Pass the frame being handled on as it came. */
  | { readonly kind: 'forward'; readonly to: string }
  /** A fact of this stream changed; the caller gathers such changes and then asks for the news. */
  | { readonly kind: 'stream-changed'; readonly streamId: string };

/** Why an operation was refused. */
export interface Refusal {
  readonly id: ErrorId;
  /** One plain sentence. */
  readonly message: string;
  readonly streamId?: string;
  readonly sessionId?: string;
}

/** Why a `hello` was refused, and the close that follows. */
export interface HelloRefusal extends Refusal {
  readonly close: CloseName;
}

/** A client let in, with all it may know. */
export interface Admitted {
  readonly resumed: boolean;
  readonly resumeToken: string;
  readonly supersededSocketId: number | undefined;
  readonly streams: readonly StreamInfo[];
  readonly sessions: readonly SessionInfo[];
  readonly effects: readonly Effect[];
}

/** What a registry is told once. */
export interface RegistryLimits {
  readonly maxClients: number;
  readonly maxStreams: number;
  readonly resumeWindowMs: number;
}

/** How many of each there are; clients within their resume window count. */
export interface Counts {
  readonly clients: number;
  readonly streams: number;
  readonly sessions: number;
}

interface Stream {
  readonly id: string;
  readonly publisherId: string;
  readonly startedAt: number;
  label: string;
  device: Device;
  capture: CaptureFacts;
  readonly sessions: Set<Session>;
}

interface Session {
  readonly id: string;
  readonly stream: Stream;
  readonly viewerId: string;
}

type Outcome = Result<readonly Effect[], Refusal>;
type Message<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** A message that the registry answers; `hello` and `ping` are its socket's business. */
export type RegistryMessage = Exclude<ClientMessage, { type: 'hello' | 'ping' }>;

/** See the head of this file. */
export class Registry {
  readonly #limits: RegistryLimits;
  readonly #roster: Roster;
  readonly #streams = new Map<string, Stream>();
  readonly #sessions = new Map<string, Session>();

  constructor(limits: RegistryLimits) {
    this.#limits = limits;
    this.#roster = new Roster(limits.maxClients);
  }

  get counts(): Counts {
    return {
      clients: this.#roster.size,
      streams: this.#streams.size,
      sessions: this.#sessions.size,
    };
  }

  /** Lets a client in, or refuses it. */
  hello(request: AdmissionRequest, protocolVersion: number): Result<Admitted, HelloRefusal> {
    if (protocolVersion !== PROTOCOL_VERSION) {
      return fail({
        id: 'unsupported-version',
        close: 'unsupportedVersion',
        message: `This server speaks version ${PROTOCOL_VERSION}; the ${
          protocolVersion < PROTOCOL_VERSION ? 'page is older. Reload it.' : 'server is older.'
        }`,
      });
    }
    const admission = this.#roster.admit(request);
    if (!admission.ok) {
      return fail(
        admission.error === 'id-in-use'
          ? { id: 'id-in-use', close: 'idInUse', message: 'This client id is in use.' }
          : { id: 'server-full', close: 'serverFull', message: 'The server is full.' },
      );
    }
    const { client, resumed, resumeToken, supersededSocketId } = admission.value;
    const { streamId } = client;
    return ok({
      resumed,
      resumeToken,
      supersededSocketId,
      streams: this.#streamsFor(client),
      sessions: this.#sessionsOf(client),
      effects: streamId === undefined ? [] : [{ kind: 'stream-changed', streamId }],
    });
  }

  /** Notes that a client has received its welcome. */
  confirm(clientId: string): void {
    this.#roster.confirm(clientId);
  }

  /**
   * Handles a message of an admitted client.
   * @param epochMs - the time of day, in milliseconds since the epoch
   */
  receive(clientId: string, message: RegistryMessage, epochMs: number): Outcome {
    const client = this.#roster.get(clientId);
    if (client === undefined) {
      return refuse('hello-required', 'This client is not known any more; say hello again.');
    }
    switch (message.type) {
      case 'publish':
        return this.#publish(client, message, epochMs);
      case 'update-stream':
        return this.#updateStream(client, message);
      case 'unpublish':
        return this.#unpublish(client, message);
      case 'subscribe':
        return this.#subscribe(client, message);
      case 'unsubscribe':
        return this.#unsubscribe(client, message);
      case 'signal':
        return this.#signal(client, message);
      case 'bye':
        return ok(this.#leave(client, 'left'));
      case 'lobby-picture':
      case 'moderate':
        return notAllowed('This server has no lobby and no operators.', {});
    }
  }

  /**
   * Notes that a client's socket is gone.
   * @param isLeaving - the page was closed on purpose: a viewer then goes at once, a phone keeps
   *   its window, since a reload looks the same
   * @param nowMs - a monotonic time
   */
  socketLost(
    clientId: string,
    socketId: number,
    { isLeaving, nowMs }: { isLeaving: boolean; nowMs: number },
  ): readonly Effect[] {
    const client = this.#roster.detach(clientId, socketId, nowMs + this.#limits.resumeWindowMs);
    if (client === undefined) return [];
    if (isLeaving && client.type === 'viewer') return this.#leave(client, 'left');
    const { streamId } = client;
    return streamId === undefined ? [] : [{ kind: 'stream-changed', streamId }];
  }

  /** Forgets every client whose resume window is over. */
  expire(nowMs: number): readonly Effect[] {
    return this.#roster.expired(nowMs).flatMap((client) => this.#leave(client, 'lost'));
  }

  /** When `expire` is next worth a call, in monotonic milliseconds. */
  nextDeadlineMs(): number | undefined {
    return this.#roster.nextDeadlineMs();
  }

  /** The news of a stream for all who see it; nothing when it is gone. */
  streamUpdate(streamId: string): readonly Effect[] {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return [];
    const message = { type: 'stream-updated', stream: this.#describe(stream) } as const;
    return [this.#send(this.#audienceOf(stream), message)];
  }

  #publish(client: Client, message: Message<'publish'>, epochMs: number): Outcome {
    const { streamId, label, device, capture } = message;
    if (client.type !== 'streamer') return notAllowed('Only a streamer publishes.', { streamId });
    const existing = this.#streams.get(streamId);
    if (existing !== undefined) {
      if (existing.publisherId !== client.id) {
        return refuse('stream-id-taken', 'This stream id belongs to another client.', { streamId });
      }
      Object.assign(existing, { label, device, capture });
      // A publisher that was away, or is a reloaded page, learns here who still watches.
      const opened = this.#sessionsOf(client).map((session): Effect => {
        return this.#send([client.id], { type: 'session-opened', session });
      });
      return ok([...opened, { kind: 'stream-changed', streamId }]);
    }
    if (client.streamId !== undefined) {
      return refuse('already-publishing', 'Stop the present stream before the next.', {
        streamId: client.streamId,
      });
    }
    if (this.#streams.size >= this.#limits.maxStreams) {
      return refuse('too-many-streams', 'The server carries no more streams; stop one first.', {
        streamId,
      });
    }
    const stream: Stream = {
      id: streamId,
      publisherId: client.id,
      startedAt: epochMs - Math.min(message.liveForMs, MAX_STREAM_AGE_MS),
      label,
      device,
      capture,
      sessions: new Set(),
    };
    this.#streams.set(streamId, stream);
    client.streamId = streamId;
    const added = { type: 'stream-added', stream: this.#describe(stream) } as const;
    return ok([this.#send(this.#audienceOf(stream), added)]);
  }

  #updateStream(client: Client, message: Message<'update-stream'>): Outcome {
    const own = this.#ownStream(client, message.streamId);
    if (!own.ok) return own;
    const stream = own.value;
    stream.label = message.label ?? stream.label;
    stream.device = message.device ?? stream.device;
    stream.capture = message.capture ?? stream.capture;
    return ok([{ kind: 'stream-changed', streamId: stream.id }]);
  }

  #unpublish(client: Client, { streamId }: Message<'unpublish'>): Outcome {
    const own = this.#ownStream(client, streamId);
    return own.ok ? ok(this.#removeStream(own.value, 'stopped')) : own;
  }

  #subscribe(client: Client, { streamId, sessionId }: Message<'subscribe'>): Outcome {
    if (client.type !== 'viewer') return notAllowed('Only a viewer subscribes.', { streamId });
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      return refuse('unknown-stream', 'There is no such stream.', { streamId });
    }
    const openId = client.subscriptions.get(streamId);
    const open = openId === undefined ? undefined : this.#sessions.get(openId);
    if (open !== undefined) {
      if (sessionId !== undefined && sessionId !== open.id) {
        const named = { streamId, sessionId: open.id };
        return refuse('already-subscribed', 'This viewer already watches this stream.', named);
      }
      // Its first answer may have been lost with a socket; hearing it twice does no harm.
      return ok(this.#announce(open, [client.id, stream.publisherId]));
    }
    const isFree = sessionId !== undefined && !this.#sessions.has(sessionId);
    const session = { id: isFree ? sessionId : randomUUID(), stream, viewerId: client.id };
    this.#sessions.set(session.id, session);
    stream.sessions.add(session);
    client.subscriptions.set(streamId, session.id);
    return ok([
      ...this.#announce(session, [client.id, stream.publisherId]),
      { kind: 'stream-changed', streamId },
    ]);
  }

  #unsubscribe(client: Client, { sessionId }: Message<'unsubscribe'>): Outcome {
    const session = this.#sessions.get(sessionId);
    if (session?.viewerId !== client.id) return unknownSession(sessionId);
    return ok([
      this.#closeSession(session, 'unsubscribed'),
      { kind: 'stream-changed', streamId: session.stream.id },
    ]);
  }

  #signal(client: Client, { sessionId }: Message<'signal'>): Outcome {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return unknownSession(sessionId);
    const { publisherId } = session.stream;
    if (client.id !== session.viewerId && client.id !== publisherId) {
      return unknownSession(sessionId);
    }
    const to = client.id === publisherId ? session.viewerId : publisherId;
    // Whoever is away learns by its welcome which sessions are open, and starts again from there.
    return ok(this.#roster.isConnected(to) ? [{ kind: 'forward', to }] : []);
  }

  #leave(client: Client, reason: 'left' | 'lost'): readonly Effect[] {
    this.#roster.remove(client.id);
    const stream = client.streamId === undefined ? undefined : this.#streams.get(client.streamId);
    const watched = [...client.subscriptions.values()].flatMap((sessionId): Effect[] => {
      const session = this.#sessions.get(sessionId);
      if (session === undefined) return [];
      return [
        this.#closeSession(session, 'viewer-left'),
        { kind: 'stream-changed', streamId: session.stream.id },
      ];
    });
    return stream === undefined ? watched : [...watched, ...this.#removeStream(stream, reason)];
  }

  #removeStream(stream: Stream, reason: StreamRemovedReason): readonly Effect[] {
    const closed = [...stream.sessions].map((session) =>
      this.#closeSession(session, 'stream-ended'),
    );
    this.#streams.delete(stream.id);
    const publisher = this.#roster.get(stream.publisherId);
    if (publisher !== undefined) publisher.streamId = undefined;
    const removed = { type: 'stream-removed', streamId: stream.id, reason } as const;
    return [...closed, this.#send(this.#audienceOf(stream), removed)];
  }

  #closeSession(session: Session, reason: SessionClosedReason): Effect {
    this.#sessions.delete(session.id);
    session.stream.sessions.delete(session);
    this.#roster.get(session.viewerId)?.subscriptions.delete(session.stream.id);
    const closed = { type: 'session-closed', sessionId: session.id, reason } as const;
    return this.#send([session.viewerId, session.stream.publisherId], closed);
  }

  /** Tells ends of a session that it is open, each in its own role. */
  #announce({ id, stream, viewerId }: Session, ends: readonly string[]): readonly Effect[] {
    return ends.map((end) =>
      this.#send([end], {
        type: 'session-opened',
        session: {
          sessionId: id,
          streamId: stream.id,
          role: end === viewerId ? 'subscriber' : 'publisher',
          peerRole: end === viewerId ? 'phone' : 'operator',
        },
      }),
    );
  }

  #ownStream(client: Client, streamId: string): Result<Stream, Refusal> {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      return refuse('unknown-stream', 'There is no such stream.', { streamId });
    }
    if (stream.publisherId !== client.id) {
      return notAllowed('Only its publisher may do this to a stream.', { streamId });
    }
    return ok(stream);
  }

  #send(to: readonly string[], message: ServerMessage): Effect {
    return { kind: 'send', to: to.filter((id) => this.#roster.isConnected(id)), message };
  }

  /** Everybody who sees a stream: all viewers and its own publisher. */
  #audienceOf(stream: Stream): string[] {
    return [...this.#roster.connectedViewers(), stream.publisherId];
  }

  #describe(stream: Stream): StreamInfo {
    return {
      streamId: stream.id,
      label: stream.label,
      device: stream.device,
      capture: stream.capture,
      connection: this.#roster.isConnected(stream.publisherId) ? 'connected' : 'reconnecting',
      viewerCount: stream.sessions.size,
      startedAt: stream.startedAt,
    };
  }

  #streamsFor(client: Client): StreamInfo[] {
    const visible = [...this.#streams.values()].filter(
      (stream) => client.type === 'viewer' || stream.publisherId === client.id,
    );
    return visible.map((stream) => this.#describe(stream));
  }

  #sessionsOf(client: Client): SessionInfo[] {
    if (client.type === 'viewer') {
      return [...client.subscriptions].map(([streamId, sessionId]) => {
        return { sessionId, streamId, role: 'subscriber', peerRole: 'phone' };
      });
    }
    const stream = client.streamId === undefined ? undefined : this.#streams.get(client.streamId);
    return [...(stream?.sessions ?? [])].map((session) => {
      return {
        sessionId: session.id,
        streamId: session.stream.id,
        role: 'publisher',
        peerRole: 'operator',
      };
    });
  }
}

type Named = Pick<Refusal, 'streamId' | 'sessionId'>;

function refuse(id: ErrorId, message: string, named: Named = {}): Result<never, Refusal> {
  return fail({ id, message, ...named });
}

function notAllowed(message: string, named: Named): Result<never, Refusal> {
  return refuse('not-allowed', message, named);
}

function unknownSession(sessionId: string): Result<never, Refusal> {
  return refuse('unknown-session', 'There is no such session of this client.', { sessionId });
}
