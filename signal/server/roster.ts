/**
 * Who is here. A client stays on the roster for its resume window after its socket is lost, and
 * its id can be taken over only with the token of its last welcome.
 *
 * A welcome can be lost with its socket. Until a client is known to have received it, the `hello`
 * that led to it may be repeated as it was; otherwise a client on a poor link would be shut out by
 * a token it never saw.
 */
import type { Device } from '../protocol/fields';
import type { ClientType } from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';
import type { Grant } from './access/key-book';
import { createResumeToken, hashToken, sameToken } from './resume-tokens';

/** A client, connected or within its resume window. */
export interface Client {
  readonly id: string;
  readonly type: ClientType;
  /** How it came in, and what it may do. */
  grant: Grant;
  /** Let past the lobby by itself, whatever is known of its device. */
  isAdmitted: boolean;
  /** Digest of its device's key; undefined where it gave none. */
  readonly deviceDigest: string | undefined;
  /** What it says of its device. */
  readonly device: Device | undefined;
  /** Where it came from; its last socket's. */
  readonly address: string;
  /** When it came in: milliseconds since the epoch. */
  readonly since: number;
  /** The socket it speaks through; undefined while it has none. */
  readonly socketId: number | undefined;
  /** The stream it publishes. */
  streamId: string | undefined;
  /** Its open sessions as a viewer: stream id to session id; undefined before the first. */
  subscriptions: Map<string, string> | undefined;
}

interface Entry extends Client {
  address: string;
  socketId: number | undefined;
  /** When it is forgotten, in monotonic milliseconds; undefined while it is connected. */
  deadlineMs: number | undefined;
  tokenHash: string;
  /** The credential its last `hello` carried, until its welcome is known to have arrived. */
  unconfirmed: { readonly presented: string | null; readonly resumed: boolean } | undefined;
}

/** A `hello` with what its socket knows. */
export interface AdmissionRequest {
  readonly socketId: number;
  readonly clientId: string;
  readonly clientType: ClientType;
  readonly resumeToken?: string | undefined;
  readonly deviceDigest?: string | undefined;
  readonly device?: Device | undefined;
  readonly address: string;
  /** The time of day, in milliseconds since the epoch. */
  readonly epochMs: number;
}

/** A client let in. */
export interface Admission {
  readonly client: Client;
  readonly resumed: boolean;
  readonly resumeToken: string;
  /** An older socket of the same client, to be closed. */
  readonly supersededSocketId: number | undefined;
}

/** Clients by id; no timers, the caller brings the time. */
export class Roster {
  readonly #maxClients: number;
  readonly #entries = new Map<string, Entry>();
  /** Those without a socket, in the order in which they lost it, and so of their deadlines. */
  readonly #away = new Set<Entry>();

  constructor(maxClients: number) {
    this.#maxClients = maxClients;
  }

  /** Connected clients and those within their resume window. */
  get size(): number {
    return this.#entries.size;
  }

  /** The same by type. */
  get sizes(): Record<ClientType, number> {
    const sizes = { streamer: 0, viewer: 0 };
    for (const { type } of this.#entries.values()) sizes[type] += 1;
    return sizes;
  }

  /** Finds a client, connected or not. */
  get(clientId: string): Client | undefined {
    return this.#entries.get(clientId);
  }

  /** Whether a client has a socket. */
  isConnected(clientId: string): boolean {
    return this.#entries.get(clientId)?.socketId !== undefined;
  }

  /** All clients, connected or not. */
  get clients(): Client[] {
    return [...this.#entries.values()];
  }

  /** Ids of all connected operators. */
  connectedOperators(): string[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.grant.role === 'operator' && entry.socketId !== undefined)
      .map((entry) => entry.id);
  }

  /** Ids of all connected viewers. */
  connectedViewers(): string[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.type === 'viewer' && entry.socketId !== undefined)
      .map((entry) => entry.id);
  }

  /**
   * Lets a client in, fresh or resumed, with a new token each time.
   * @param authorize - asked unless a token proves who it is; changes nothing
   */
  admit<Refusal>(
    request: AdmissionRequest,
    authorize: () => Result<Grant, Refusal>,
  ): Result<Admission, Refusal | 'id-in-use' | 'server-full'> {
    const presented = request.resumeToken === undefined ? null : hashToken(request.resumeToken);
    const existing = this.#entries.get(request.clientId);
    if (existing?.type === request.clientType && presented !== null) {
      if (sameToken(presented, existing.tokenHash)) {
        return ok(this.#welcome(existing, request, presented, true));
      }
      const { unconfirmed } = existing;
      if (unconfirmed !== undefined && sameToken(presented, unconfirmed.presented)) {
        return ok(this.#welcome(existing, request, presented, unconfirmed.resumed));
      }
    }
    const authorized = authorize();
    if (!authorized.ok) return authorized;
    const grant = authorized.value;
    if (existing !== undefined) {
      const { type, unconfirmed } = existing;
      const isSame = type === request.clientType && existing.grant.role === grant.role;
      // Without a token only the first welcome can be the one that was lost.
      const isRepeated = isSame && presented === null && unconfirmed?.presented === null;
      return isRepeated ? ok(this.#welcome(existing, request, null, false)) : fail('id-in-use');
    }
    if (this.#entries.size >= this.#maxClients) return fail('server-full');
    const entry: Entry = {
      id: request.clientId,
      type: request.clientType,
      grant,
      isAdmitted: false,
      deviceDigest: request.deviceDigest,
      device: request.device,
      address: request.address,
      since: request.epochMs,
      socketId: undefined,
      streamId: undefined,
      subscriptions: undefined,
      deadlineMs: undefined,
      tokenHash: hashToken(createResumeToken()),
      unconfirmed: undefined,
    };
    this.#entries.set(entry.id, entry);
    return ok(this.#welcome(entry, request, presented, false));
  }

  /** Notes that a client has received its welcome: from now on only its token resumes it. */
  confirm(clientId: string): void {
    const entry = this.#entries.get(clientId);
    if (entry !== undefined) entry.unconfirmed = undefined;
  }

  /**
   * Notes that a client's socket is gone, and opens its resume window.
   * @param deadlineMs - the end of that window, never earlier than one that was given before
   * @returns the client, or undefined when that socket no longer was its own
   */
  detach(clientId: string, socketId: number, deadlineMs: number): Client | undefined {
    const entry = this.#entries.get(clientId);
    if (entry?.socketId !== socketId) return undefined;
    entry.socketId = undefined;
    entry.deadlineMs = deadlineMs;
    this.#away.add(entry);
    return entry;
  }

  /** Forgets a client. */
  remove(clientId: string): void {
    const entry = this.#entries.get(clientId);
    if (entry === undefined) return;
    this.#entries.delete(clientId);
    this.#away.delete(entry);
  }

  /** Clients whose resume window is over. */
  expired(nowMs: number): Client[] {
    return [...this.#away].filter(({ deadlineMs = Infinity }) => deadlineMs <= nowMs);
  }

  /** The earliest end of a resume window; undefined when everybody is connected. */
  nextDeadlineMs(): number | undefined {
    const [first] = this.#away;
    return first?.deadlineMs;
  }

  #welcome(
    entry: Entry,
    { socketId, address }: AdmissionRequest,
    presented: string | null,
    resumed: boolean,
  ): Admission {
    const supersededSocketId = entry.socketId;
    const resumeToken = createResumeToken();
    this.#away.delete(entry);
    entry.socketId = socketId;
    entry.address = address;
    entry.deadlineMs = undefined;
    entry.tokenHash = hashToken(resumeToken);
    entry.unconfirmed = { presented, resumed };
    return { client: entry, resumed, resumeToken, supersededSocketId };
  }
}
