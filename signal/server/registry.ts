/**
 * The server's whole memory: clients, streams and sessions, as plain data. No sockets, no timers:
 * the caller brings the time and carries out the effects. An operation either succeeds with
 * effects or is refused and changes nothing.
 */
import type { Role } from '../protocol/fields';
import { PROTOCOL_VERSION } from '../protocol/limits';
import type { ClientMessage, SessionInfo, StreamInfo } from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';
import { RoomBook } from './access/room-book';
import { digestText } from './access/secrets';
import { notAllowed, refuse, type Effect, type HelloRefusal, type Outcome } from './effects';
import type { SignalLimits } from './limits/signal-limits';
import { Roster, type AdmissionRequest, type Client } from './roster';
import { Wall } from './wall';

/** A `hello` with what its socket knows. */
export interface HelloRequest extends Omit<AdmissionRequest, 'deviceDigest'> {
  readonly protocolVersion: number;
  readonly key?: string | undefined;
  readonly deviceKey?: string | undefined;
}

/** A client let in, with all it may know. */
export interface Admitted {
  readonly role: Role;
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
  readonly limits: SignalLimits;
  readonly resumeWindowMs: number;
}

/** How many of each there are; clients within their resume window count. */
export interface Counts {
  readonly clients: number;
  readonly streams: number;
  readonly sessions: number;
}

/** A message that the registry answers; `hello` and `ping` are its socket's business. */
export type RegistryMessage = Exclude<ClientMessage, { type: 'hello' | 'ping' }>;

/** See the head of this file. */
export class Registry {
  readonly #limits: RegistryLimits;
  readonly #book: RoomBook;
  readonly #roster: Roster;
  readonly #wall: Wall;

  /** @param book - what is settled about the room; open to all unless given */
  constructor(limits: RegistryLimits, book: RoomBook = new RoomBook('open')) {
    this.#limits = limits;
    this.#book = book;
    this.#roster = new Roster(limits.maxClients);
    this.#wall = new Wall(this.#roster, { ...limits.limits, maxStreams: limits.maxStreams });
  }

  get counts(): Counts {
    return {
      clients: this.#roster.size,
      streams: this.#wall.streamCount,
      sessions: this.#wall.sessionCount,
    };
  }

  /** Whether a client is here and in charge. */
  isOperator(clientId: string): boolean {
    return this.#roster.get(clientId)?.grant.role === 'operator';
  }

  /** Lets a client in, or refuses it. */
  hello(request: HelloRequest): Result<Admitted, HelloRefusal> {
    const { protocolVersion, key, deviceKey, clientId, clientType, epochMs } = request;
    if (protocolVersion !== PROTOCOL_VERSION) {
      return fail({
        id: 'unsupported-version',
        close: 'unsupportedVersion',
        message: `This server speaks version ${PROTOCOL_VERSION}; the ${
          protocolVersion < PROTOCOL_VERSION ? 'page is older. Reload it.' : 'server is older.'
        }`,
      });
    }
    const deviceDigest = deviceKey === undefined ? undefined : digestText(deviceKey);
    const userDigest = deviceDigest ?? digestText(clientId);
    const admission = this.#roster.admit({ ...request, deviceDigest }, () =>
      this.#book.verify({ key, clientType, userDigest, epochMs }),
    );
    if (!admission.ok) return fail(helloRefusal(admission.error));
    const { client, resumed, resumeToken, supersededSocketId } = admission.value;
    const { streamId, grant } = client;
    this.#book.keys.use(grant, userDigest);
    return ok({
      role: grant.role,
      resumed,
      resumeToken,
      supersededSocketId,
      streams: this.#wall.streamsFor(client),
      sessions: this.#wall.sessionsOf(client),
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
        return this.#wall.publish(client, message, epochMs);
      case 'update-stream':
        return this.#wall.updateStream(client, message);
      case 'unpublish':
        return this.#wall.unpublish(client, message);
      case 'subscribe':
        return this.#wall.subscribe(client, message);
      case 'unsubscribe':
        return this.#wall.unsubscribe(client, message);
      case 'signal':
        return this.#wall.signal(client, message);
      case 'bye':
        return ok(this.#leave(client, 'left'));
      case 'lobby-picture':
      case 'moderate':
        return notAllowed('This server has no lobby and no operators.');
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
    return this.#wall.streamUpdate(streamId);
  }

  #leave(client: Client, reason: 'left' | 'lost'): readonly Effect[] {
    this.#roster.remove(client.id);
    return this.#wall.leave(client, reason);
  }
}

function helloRefusal(error: HelloRefusal | 'id-in-use' | 'server-full'): HelloRefusal {
  switch (error) {
    case 'id-in-use':
      return { id: error, close: 'idInUse', message: 'This client id is in use.' };
    case 'server-full':
      return { id: error, close: 'serverFull', message: 'The server is full.' };
    default:
      return error;
  }
}
