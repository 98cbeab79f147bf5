/**
 * The streams and the sessions on them, as plain data. No sockets, no clock: the caller brings the
 * time and carries out the effects.
 */
import { randomUUID } from 'node:crypto';
import type { Device, Role } from '../protocol/fields';
import type {
  CaptureFacts,
  ClientMessage,
  ServerMessage,
  SessionClosedReason,
  SessionInfo,
  StreamInfo,
  StreamRemovedReason,
} from '../protocol/messages';
import { ok, type Result } from '../protocol/result';
import { actorOf, audit } from './audit/audit-effects';
import {
  notAllowed,
  PEOPLE_CHANGED,
  refuse,
  unknownSession,
  type Effect,
  type Outcome,
  type Refusal,
} from './effects';
import { CandidateBudget, type SignalLimits } from './limits/signal-limits';
import type { Client, Roster } from './roster';

/** Longest age a publisher may claim for its stream, in milliseconds: seven days. */
const MAX_STREAM_AGE_MS = 7 * 24 * 60 * 60 * 1000;

interface Stream {
  readonly id: string;
  readonly publisherId: string;
  readonly startedAt: number;
  label: string;
  /** Whether the label is an operator's and the phone may not have heard of it yet. */
  isRenamed: boolean;
  device: Device;
  capture: CaptureFacts;
  readonly sessions: Set<Session>;
}

interface Session {
  readonly id: string;
  readonly stream: Stream;
  readonly viewerId: string;
  /** What each end may still send of candidates. */
  readonly budgets: { readonly viewer: CandidateBudget; readonly publisher: CandidateBudget };
}

/** What a wall is told once. */
export interface WallLimits extends SignalLimits {
  readonly maxStreams: number;
}

type Message<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** See the head of this file. */
export class Wall {
  readonly #roster: Roster;
  readonly #limits: WallLimits;
  readonly #streams = new Map<string, Stream>();
  readonly #sessions = new Map<string, Session>();

  constructor(roster: Roster, limits: WallLimits) {
    this.#roster = roster;
    this.#limits = limits;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Viewers of each stream. */
  get viewersPerStream(): number[] {
    return [...this.#streams.values()].map(({ sessions }) => sessions.size);
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** The news of a stream for all who see it; nothing when it is gone. */
  streamUpdate(streamId: string): readonly Effect[] {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return [];
    const message = { type: 'stream-updated', stream: this.#describe(stream) } as const;
    return [this.#send(this.#audienceOf(stream), message)];
  }

  /** The client that publishes a stream; undefined where there is no such stream. */
  publisherOf(streamId: string): string | undefined {
    return this.#streams.get(streamId)?.publisherId;
  }

  /** A stream's name; undefined where there is no such stream. */
  labelOf(streamId: string): string | undefined {
    return this.#streams.get(streamId)?.label;
  }

  /** Whether a client may put a stream on the wall; changes nothing. */
  judge(client: Client, streamId: string): Result<'new' | 'known', Refusal> {
    if (client.type !== 'streamer') return notAllowed('Only a streamer publishes.', { streamId });
    const publisherId = this.publisherOf(streamId);
    if (publisherId === client.id) return ok('known');
    if (publisherId !== undefined) {
      return refuse('stream-id-taken', 'This stream id belongs to another client.', { streamId });
    }
    if (client.streamId !== undefined) {
      return refuse('already-publishing', 'Stop the present stream before the next.', {
        streamId: client.streamId,
      });
    }
    if (this.#streams.size < this.#limits.maxStreams) return ok('new');
    return refuse('too-many-streams', 'The server carries no more streams; stop one first.', {
      streamId,
    });
  }

  /** Puts a stream on the wall, or confirms one that is there. */
  publish(client: Client, message: Message<'publish'>, epochMs: number): Outcome {
    const { streamId, label, device, capture } = message;
    const judged = this.judge(client, streamId);
    if (!judged.ok) return judged;
    const existing = this.#streams.get(streamId);
    if (existing !== undefined) return ok(this.#confirm(existing, message));
    const stream: Stream = {
      id: streamId,
      publisherId: client.id,
      startedAt: epochMs - Math.min(message.liveForMs, MAX_STREAM_AGE_MS),
      label,
      isRenamed: false,
      device,
      capture,
      sessions: new Set(),
    };
    this.#streams.set(streamId, stream);
    client.streamId = streamId;
    const added = { type: 'stream-added', stream: this.#describe(stream) } as const;
    const target = { streamId, label };
    return ok([
      this.#send(this.#audienceOf(stream), added),
      audit({ event: 'stream-added', actor: actorOf(client), target, outcome: 'done' }),
    ]);
  }

  /** Changes what is shown of a stream. */
  updateStream(client: Client, message: Message<'update-stream'>): Outcome {
    const own = this.#ownStream(client, message.streamId);
    if (!own.ok) return own;
    const stream = own.value;
    if (message.label !== undefined) {
      stream.label = message.label;
      stream.isRenamed = false;
    }
    stream.device = message.device ?? stream.device;
    stream.capture = message.capture ?? stream.capture;
    return ok([{ kind: 'stream-changed', streamId: stream.id }]);
  }

  /** Takes a stream off the wall for its publisher. */
  unpublish(client: Client, { streamId }: Message<'unpublish'>): Outcome {
    const own = this.#ownStream(client, streamId);
    return own.ok ? ok(this.#removeStream(own.value, 'stopped')) : own;
  }

  /** Takes a stream off the wall. */
  takeDown(streamId: string, reason: StreamRemovedReason): readonly Effect[] {
    const stream = this.#streams.get(streamId);
    return stream === undefined ? [] : this.#removeStream(stream, reason);
  }

  /** Gives a stream another name, and tells its phone. */
  rename(streamId: string, label: string): readonly Effect[] {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return [];
    stream.label = label;
    stream.isRenamed = true;
    return [this.#tellName(stream), { kind: 'stream-changed', streamId }];
  }

  /** Opens a session, or announces it again. */
  subscribe(client: Client, { streamId, sessionId }: Message<'subscribe'>): Outcome {
    if (client.type !== 'viewer') return notAllowed('Only a viewer subscribes.', { streamId });
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      return refuse('unknown-stream', 'There is no such stream.', { streamId });
    }
    const openId = client.subscriptions?.get(streamId);
    const open = openId === undefined ? undefined : this.#sessions.get(openId);
    if (open !== undefined) {
      if (sessionId !== undefined && sessionId !== open.id) {
        const named = { streamId, sessionId: open.id };
        return refuse('already-subscribed', 'This viewer already watches this stream.', named);
      }
      // Its first answer may have been lost with a socket; hearing it twice does no harm.
      return ok(this.#announce(open, [client.id, stream.publisherId]));
    }
    const { sessionsPerClient, candidatesPerSession: candidates } = this.#limits;
    const subscriptions = (client.subscriptions ??= new Map());
    if (subscriptions.size >= sessionsPerClient) {
      const message = 'This viewer watches as many streams as it may; close one first.';
      return refuse('too-many-sessions', message, { streamId });
    }
    if (stream.sessions.size >= sessionsPerClient) {
      const message = 'This phone has as many viewers as it may; one has to leave first.';
      return refuse('too-many-sessions', message, { streamId });
    }
    const isFree = sessionId !== undefined && !this.#sessions.has(sessionId);
    const session: Session = {
      id: isFree ? sessionId : randomUUID(),
      stream,
      viewerId: client.id,
      budgets: {
        viewer: new CandidateBudget(candidates),
        publisher: new CandidateBudget(candidates),
      },
    };
    this.#sessions.set(session.id, session);
    stream.sessions.add(session);
    subscriptions.set(streamId, session.id);
    return ok([
      ...this.#announce(session, [client.id, stream.publisherId]),
      { kind: 'stream-changed', streamId },
      PEOPLE_CHANGED,
    ]);
  }

  /** Closes a session for its viewer. */
  unsubscribe(client: Client, { sessionId }: Message<'unsubscribe'>): Outcome {
    const session = this.#sessions.get(sessionId);
    if (session?.viewerId !== client.id) return unknownSession(sessionId);
    return ok([
      this.#closeSession(session, 'unsubscribed'),
      { kind: 'stream-changed', streamId: session.stream.id },
      PEOPLE_CHANGED,
    ]);
  }

  /** Relays to the other end of a session. */
  signal(client: Client, { sessionId, payload }: Message<'signal'>): Outcome {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return unknownSession(sessionId);
    const { publisherId } = session.stream;
    if (client.id !== session.viewerId && client.id !== publisherId) {
      return unknownSession(sessionId);
    }
    const isPublisher = client.id === publisherId;
    const budget = isPublisher ? session.budgets.publisher : session.budgets.viewer;
    if (!budget.take(payload)) {
      const message = 'No more candidates are passed on until there is a new offer or answer.';
      return refuse('too-many-candidates', message, { sessionId });
    }
    const to = isPublisher ? session.viewerId : publisherId;
    // Whoever is away learns by its welcome which sessions are open, and starts again from there.
    return ok(this.#roster.isConnected(to) ? [{ kind: 'forward', to }] : []);
  }

  /** Ends all that a client had open; it hears of it only while it is on the roster. */
  leave(client: Client, reason: StreamRemovedReason): readonly Effect[] {
    const stream = client.streamId === undefined ? undefined : this.#streams.get(client.streamId);
    const watched = [...(client.subscriptions?.values() ?? [])].flatMap((sessionId): Effect[] => {
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
    const target = { streamId: stream.id, label: stream.label, reason };
    return [
      ...closed,
      this.#send(this.#audienceOf(stream), removed),
      audit({
        event: 'stream-removed',
        actor: publisher === undefined ? { clientId: stream.publisherId } : actorOf(publisher),
        target,
        outcome: 'done',
      }),
      ...(closed.length === 0 ? [] : [PEOPLE_CHANGED]),
    ];
  }

  /** A publisher that was away, or is a reloaded page, learns here who still watches. */
  #confirm(stream: Stream, { label, device, capture }: Message<'publish'>): readonly Effect[] {
    Object.assign(stream, { device, capture });
    // It says by the name whether it has heard of a new one.
    const isUnheard = stream.isRenamed && label !== stream.label;
    if (!isUnheard) Object.assign(stream, { label, isRenamed: false });
    const { id, publisherId } = stream;
    const opened = [...stream.sessions].flatMap((session) =>
      this.#announce(session, [publisherId]),
    );
    const named = isUnheard ? [this.#tellName(stream)] : [];
    return [...named, ...opened, { kind: 'stream-changed', streamId: id }];
  }

  #tellName({ publisherId, label }: Stream): Effect {
    return this.#send([publisherId], { type: 'moderated', action: { kind: 'renamed', label } });
  }

  #closeSession(session: Session, reason: SessionClosedReason): Effect {
    this.#sessions.delete(session.id);
    session.stream.sessions.delete(session);
    this.#roster.get(session.viewerId)?.subscriptions?.delete(session.stream.id);
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
          peerRole: end === viewerId ? 'phone' : this.#roleOf(viewerId),
        },
      }),
    );
  }

  /** A viewer's session ends before its place on the roster does; nothing to obey is the default. */
  #roleOf(viewerId: string): Role {
    return this.#roster.get(viewerId)?.grant.role ?? 'viewer';
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

  /** Streams that a client may know of. */
  streamsFor(client: Client): StreamInfo[] {
    const visible = [...this.#streams.values()].filter(
      (stream) => client.type === 'viewer' || stream.publisherId === client.id,
    );
    return visible.map((stream) => this.#describe(stream));
  }

  /** Open sessions of a client. */
  sessionsOf(client: Client): SessionInfo[] {
    if (client.type === 'viewer') {
      return [...(client.subscriptions ?? [])].map(([streamId, sessionId]) => {
        return { sessionId, streamId, role: 'subscriber', peerRole: 'phone' };
      });
    }
    const stream = client.streamId === undefined ? undefined : this.#streams.get(client.streamId);
    return [...(stream?.sessions ?? [])].map((session) => {
      return {
        sessionId: session.id,
        streamId: session.stream.id,
        role: 'publisher',
        peerRole: this.#roleOf(session.viewerId),
      };
    });
  }
}
