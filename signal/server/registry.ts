/**
 * The server's whole memory: clients, streams and sessions, as plain data. No sockets, no timers:
 * the caller brings the time and carries out the effects. An operation either succeeds with
 * effects or is refused and changes nothing.
 */
import type { Role } from '../protocol/fields';
import { PROTOCOL_VERSION } from '../protocol/limits';
import type {
  ClientMessage,
  ClientType,
  ServerMessage,
  SessionInfo,
  StreamInfo,
} from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';
import type { PeopleMessage, RoomMessage } from '../protocol/room-messages';
import type { Grant, KeyRequest } from './access/key-book';
import { RoomBook } from './access/room-book';
import { digestText } from './access/secrets';
import { actorOf, audit } from './audit/audit-effects';
import {
  PEOPLE_CHANGED,
  refuse,
  ROOM_CHANGED,
  type Effect,
  type HelloRefusal,
  type Outcome,
} from './effects';
import type { SignalLimits } from './limits/signal-limits';
import { Lobby } from './room/lobby';
import { Moderation } from './room/moderation';
import { peopleMessage, roomMessage } from './room/people';
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

/** A closer look than `Counts`; clients within their resume window count. */
export interface Census {
  readonly clients: Readonly<Record<ClientType, number>>;
  /** One number for each stream. */
  readonly viewersPerStream: readonly number[];
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
  readonly #lobby: Lobby;
  readonly #moderation: Moderation;

  /** @param book - what is settled about the room; open to all unless given */
  constructor(limits: RegistryLimits, book: RoomBook = new RoomBook('open')) {
    this.#limits = limits;
    this.#book = book;
    this.#roster = new Roster(limits.maxClients);
    this.#wall = new Wall(this.#roster, { ...limits.limits, maxStreams: limits.maxStreams });
    this.#lobby = new Lobby(this.#roster, this.#wall, book);
    const parts = { roster: this.#roster, wall: this.#wall, lobby: this.#lobby, book };
    this.#moderation = new Moderation(parts);
  }

  get counts(): Counts {
    return {
      clients: this.#roster.size,
      streams: this.#wall.streamCount,
      sessions: this.#wall.sessionCount,
    };
  }

  /** How many there are of each, for those who look after the server. */
  get census(): Census {
    return { clients: this.#roster.sizes, viewersPerStream: this.#wall.viewersPerStream };
  }

  /** Ids of the connected operators: who is told of the room. */
  get operators(): readonly string[] {
    return this.#roster.connectedOperators();
  }

  /** What operators are told of the room and of who is here. */
  roomMessages(epochMs: number): { readonly room: RoomMessage; readonly people: PeopleMessage } {
    return {
      room: roomMessage(this.#book, epochMs),
      people: peopleMessage(this.#roster, this.#lobby),
    };
  }

  /** The latest pictures of phones that wait. */
  get waitingPictures(): readonly ServerMessage[] {
    return this.#lobby.pictures;
  }

  /** Whether a stream is this client's already: on the wall, or waiting in the lobby. */
  isOwnStream(clientId: string, streamId: string): boolean {
    return this.#wall.publisherOf(streamId) === clientId || this.#lobby.keeps(clientId, streamId);
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
    const known = { ...request, deviceDigest };
    const admission = this.#roster.admit(known, () =>
      this.#authorize(known, { key, clientType, userDigest, epochMs }),
    );
    if (!admission.ok) return fail(helloRefusal(admission.error));
    const { client, resumed, resumeToken, supersededSocketId } = admission.value;
    return ok({
      role: client.grant.role,
      resumed,
      resumeToken,
      supersededSocketId,
      streams: this.#wall.streamsFor(client),
      sessions: this.#wall.sessionsOf(client),
      effects: [
        ...this.#presence(client),
        ...(client.type === 'viewer' ? [PEOPLE_CHANGED] : []),
        ...(resumed ? this.#renewKey(client, key) : this.#noteArrival(client, userDigest)),
      ],
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
        return this.#lobby.publish(client, message, epochMs);
      case 'update-stream':
        return this.#lobby.update(client, message) ?? this.#wall.updateStream(client, message);
      case 'unpublish':
        return (
          this.#lobby.withdrawStream(client, message.streamId) ??
          this.#wall.unpublish(client, message)
        );
      case 'subscribe':
        return this.#wall.subscribe(client, message);
      case 'unsubscribe':
        return this.#wall.unsubscribe(client, message);
      case 'signal':
        return this.#wall.signal(client, message);
      case 'bye':
        return ok(this.#leave(client, 'left'));
      case 'lobby-picture':
        return this.#lobby.receivePicture(client, message.picture, epochMs);
      case 'moderate':
        return this.#moderation.handle(client, message, epochMs);
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
    return this.#presence(client);
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
    return [
      ...this.#lobby.withdraw(client.id),
      ...this.#wall.leave(client, reason),
      ...(client.type === 'viewer' ? [PEOPLE_CHANGED] : []),
    ];
  }

  /** Whether a newcomer that no token vouches for may come in. */
  #authorize(
    { clientId, deviceDigest }: AdmissionRequest,
    request: KeyRequest,
  ): Result<Grant, HelloRefusal> {
    const verified = this.#book.verify(request);
    if (!verified.ok) return verified;
    const { devices, isLocked } = this.#book;
    const { role } = verified.value;
    if (devices.isBlocked(deviceDigest, request.epochMs)) return fail(BLOCKED);
    if (this.#moderation.takeUntold(clientId)) return fail(REMOVED);
    const isWelcome = !isLocked || role === 'operator' || devices.isAdmitted(deviceDigest, role);
    return isWelcome ? verified : fail(LOCKED);
  }

  /** News of a client's stream when its socket came or went. */
  #presence({ streamId }: Client): Effect[] {
    return streamId === undefined ? [] : [{ kind: 'stream-changed', streamId }];
  }

  /** Tells a client that was away the new key of its link, unless it has it. */
  #renewKey(client: Client, presented: string | undefined): Effect[] {
    const { keys } = this.#book;
    const { role } = client.grant;
    if (!keys.isOutdated(client.grant)) return [];
    if (presented !== undefined && keys.isLinkKey(role, presented)) {
      client.grant = keys.linkGrant(role);
      return [];
    }
    const message = { type: 'key-renewed', key: keys.keys[role] } as const;
    return [{ kind: 'send', to: [client.id], message }];
  }

  #noteArrival(client: Client, userDigest: string): Effect[] {
    const { grant, type } = client;
    const actor = actorOf(client);
    const joined = audit({ event: 'client-joined', actor, target: { type }, outcome: 'done' });
    if (grant.invitation === undefined || !this.#book.keys.use(grant, userDigest)) return [joined];
    const { invitationId, name } = grant.invitation;
    const target = { invitationId, name };
    const used = audit({ event: 'invitation-used', actor, target, outcome: 'done' });
    return [joined, used, ROOM_CHANGED, { kind: 'room-changed', what: 'memory' }];
  }
}

const BLOCKED: HelloRefusal = {
  id: 'blocked',
  close: 'blocked',
  message: 'The control room keeps this device out. Ask there if that is a mistake.',
};

const LOCKED: HelloRefusal = {
  id: 'room-locked',
  close: 'roomLocked',
  message: 'The room is locked. Ask the control room to open it.',
};

const REMOVED: HelloRefusal = {
  id: 'not-allowed',
  close: 'removed',
  message: 'The control room has disconnected this device.',
};

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
