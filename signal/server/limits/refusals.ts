/** Counts what was refused and why: shown on `/healthz` and `/metrics`, never with who it was. */
import type { ErrorId } from '../../protocol/messages';

/** Everything that is refused for the good of the others. */
const NONE = {
  /** WebSockets asked for by a page of another origin. */
  origin: 0,
  /** Connections opened faster than an address may. */
  attempts: 0,
  /** Connections beyond those that an address, or all together, may hold open. */
  connections: 0,
  /** HTTP requests sent faster than an address may. */
  requests: 0,
  /** WebSockets beyond those of one address. */
  sockets: 0,
  /** Sockets beyond those that may be open without a hello. */
  strangers: 0,
  /** Sockets that said no hello in time. */
  'hello-timeouts': 0,
  /** Requests whose headers, or who as a whole, came too slowly. */
  'header-timeouts': 0,
  /** TLS handshakes that did not end in time. */
  'handshake-timeouts': 0,
  /** Requests with too large headers. */
  'header-size': 0,
  /** What is no HTTP, and upgrades to something else than our endpoint. */
  'bad-requests': 0,
  /** Missing, wrong, expired and revoked keys. */
  'failed-keys': 0,
  /** Sockets closed at once because too many refusals of their address were waiting. */
  'key-floods': 0,
  /** Clients that sent too many messages. */
  messages: 0,
  /** Clients that sent too many bytes. */
  bytes: 0,
  /** Messages larger than a frame may be, or in too many fragments. */
  'frame-size': 0,
  /** Clients that sent too much that cannot be read, or broke the WebSocket protocol. */
  unreadable: 0,
  /** Clients that read too slowly. */
  'slow-readers': 0,
  /** Clients beyond those that the server takes. */
  clients: 0,
  /** Streams beyond those that the server carries. */
  streams: 0,
  /** Sessions beyond those of one client. */
  sessions: 0,
  /** ICE candidates beyond those of one session. */
  candidates: 0,
  /** Blocked devices, and newcomers to a locked room. */
  moderation: 0,
} as const;

/** Why something was refused. */
export type RefusalReason = keyof typeof NONE;

/** All of them. */
export const REFUSAL_REASONS = Object.keys(NONE);

/** How often each reason applied since the start. */
export type RefusalCounts = Readonly<Record<RefusalReason, number>>;

/** Errors that are refusals of this kind; others are ordinary mistakes of a page. */
const REASON_OF_ERROR: Partial<Record<ErrorId, RefusalReason>> = {
  'key-required': 'failed-keys',
  'key-refused': 'failed-keys',
  blocked: 'moderation',
  'room-locked': 'moderation',
  'server-full': 'clients',
  'too-many-streams': 'streams',
  'too-many-sessions': 'sessions',
  'too-many-candidates': 'candidates',
};

/** See the head of this file. */
export class Refusals {
  readonly #counts: Record<RefusalReason, number> = { ...NONE };

  /** A copy, with every reason in it. */
  get counts(): RefusalCounts {
    return { ...this.#counts };
  }

  /** Counts one. */
  count(reason: RefusalReason): void {
    this.#counts[reason] += 1;
  }

  /** Counts an error that a client is answered, if it is a refusal. */
  countError(id: ErrorId): void {
    const reason = REASON_OF_ERROR[id];
    if (reason !== undefined) this.count(reason);
  }
}
