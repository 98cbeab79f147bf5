/**
 * Sees what every client sends and hears, and knows for whom each message is. Whatever reaches a
 * client that it is not for is a problem, and a problem is never forgotten.
 */
import type { Role } from '../../protocol/fields';
import type { ClientMessage, ServerMessage, SessionInfo } from '../../protocol/messages';

/** Last frames that are kept to explain a problem. */
const TRACE_LENGTH = 60;

/** Long enough for a key of 128 random bits, and found inside of links too. */
const SECRET = /[\w-]{22,128}/gu;

/** Who hears something. */
export interface Listener {
  readonly name: string;
  readonly role: Role;
  readonly clientId: string;
  /** `requestId` of every command it has sent. */
  readonly requests: ReadonlyMap<string, ClientMessage>;
  /** `type` of every message it has sent, as far as it had one. */
  readonly sentTypes: ReadonlySet<string>;
  /** `sentAt` of its pings. */
  readonly pings: ReadonlySet<number>;
  /** Sessions it has been told of and that are open. */
  readonly sessions: ReadonlyMap<string, SessionInfo>;
}

interface HeardSignal {
  readonly listener: Listener;
  readonly sessionId: string;
  /** The end that it must have come from. */
  readonly end: SessionInfo['role'];
  readonly text: string;
}

/** Messages that a role is told at all, where it is not everybody. */
const ONLY_FOR: Partial<Record<ServerMessage['type'], readonly Role[]>> = {
  admission: ['phone'],
  moderated: ['phone'],
  'join-addresses': ['operator'],
  room: ['operator'],
  people: ['operator'],
  'waiting-picture': ['operator'],
  done: ['operator'],
};

/** See the head of this file. */
export class Witness {
  readonly problems: string[] = [];
  /** Stream ids that a client has ever tried to publish. */
  readonly published = new Map<string, Set<string>>();
  /** Messages heard, by their type. */
  readonly tally = new Map<string, number>();
  readonly #trace: string[] = [];
  /** Who may be told a secret: roles and client ids. */
  readonly #secrets = new Map<string, ReadonlySet<string>>();
  readonly #signals = new Map<string, Set<string>>();
  readonly #heardSignals: HeardSignal[] = [];
  /** Sessions that a client has asked for by their id. */
  readonly #claims = new Map<string, Set<string>>();
  readonly #gone = new Set<string>();
  /** Clients that a session was ever opened to, by their end of it. */
  readonly #ends = new Map<string, Record<SessionInfo['role'], Set<string>>>();
  /** The stream that a session watches. */
  readonly #watched = new Map<string, string>();

  /** Keeps a problem with what led to it. */
  accuse(problem: string): void {
    this.problems.push(problem);
    if (this.problems.length === 1) this.problems.push(...this.#trace);
  }

  /** Notes something for the trace. */
  note(line: string): void {
    this.#trace.push(line.slice(0, 300));
    if (this.#trace.length > TRACE_LENGTH) this.#trace.shift();
  }

  /** Makes a secret known, and who may be told it: roles, client ids, or nobody. */
  keep(secret: string, ...mayKnow: readonly string[]): void {
    this.#secrets.set(secret, new Set(mayKnow));
  }

  /** A socket of a client is gone, and with it whatever it would have heard. */
  left(clientId: string): void {
    this.#gone.add(clientId);
  }

  /**
   * Looks whether every signal came from the other end of its session: once the answers to all that
   * was sent have arrived, because a signal may overtake the news that its session is open.
   */
  judgeSignals(): void {
    for (const { listener, sessionId, end, text } of this.#heardSignals.splice(0)) {
      const mayHaveSent = this.#ends.get(sessionId)?.[end];
      const isFine = [...(this.#signals.get(text) ?? [])].some((sender) => {
        if (sender === listener.clientId) return false;
        if (mayHaveSent?.has(sender) === true) return true;
        // Whoever is gone may have opened the session by claiming it, or have been watched by it, and
        // never have heard of it.
        const isClaimed = this.#claims.get(sessionId)?.has(sender) === true;
        const isWatched =
          this.published.get(sender)?.has(this.#watched.get(sessionId) ?? '') === true;
        return this.#gone.has(sender) && (isClaimed || isWatched);
      });
      if (isFine) continue;
      this.accuse(`${listener.name} heard a signal that the other end did not send: ${text}`);
    }
  }

  /** Forgets signals that have arrived by now. */
  settle(): void {
    this.judgeSignals();
    this.#signals.clear();
  }

  /** A client has sent a message that the server can read. */
  sent(clientId: string, message: ClientMessage, text: string): void {
    if (message.type === 'signal') setAt(this.#signals, text).add(clientId);
    if (message.type === 'subscribe' && message.sessionId !== undefined) {
      setAt(this.#claims, message.sessionId).add(clientId);
    }
    if (message.type === 'publish') setAt(this.published, clientId).add(message.streamId);
  }

  /** A client hears a message; `text` is the frame as it came. */
  heard(listener: Listener, message: ServerMessage, text: string): void {
    const { name, role } = listener;
    this.tally.set(message.type, (this.tally.get(message.type) ?? 0) + 1);
    if (message.type !== 'pong') this.note(`${name} < ${text}`);
    for (const [word] of text.matchAll(SECRET)) {
      const mayKnow = this.#secrets.get(word);
      if (mayKnow === undefined || mayKnow.has(role) || mayKnow.has(listener.clientId)) continue;
      this.accuse(`${name} was told a secret that it may not know: ${text.slice(0, 500)}`);
    }
    if (ONLY_FOR[message.type]?.includes(role) === false) {
      this.accuse(`${name} heard ${message.type}, which is not for its role: ${text}`);
    }
    const problem = this.#problemWith(listener, message, text);
    if (problem !== undefined) this.accuse(`${name} ${problem}: ${text.slice(0, 500)}`);
  }

  #problemWith(listener: Listener, message: ServerMessage, text: string): string | undefined {
    const { role, requests, sessions, pings, sentTypes } = listener;
    switch (message.type) {
      case 'welcome':
        return this.#problemWithWelcome(listener, message);
      case 'stream-added':
      case 'stream-updated':
        return this.#problemWithStream(listener, message.stream.streamId);
      case 'stream-removed':
        return this.#problemWithStream(listener, message.streamId);
      case 'session-opened':
        return this.#opened(listener, message.session);
      case 'session-closed':
        return sessions.has(message.sessionId) ? undefined : 'heard the end of a foreign session';
      case 'signal': {
        const own = sessions.get(message.sessionId);
        if (own === undefined) return 'heard a signal of a foreign session';
        const end = own.role === 'publisher' ? 'subscriber' : 'publisher';
        this.#heardSignals.push({ listener, sessionId: message.sessionId, end, text });
        return undefined;
      }
      case 'pong':
        return pings.has(message.sentAt) ? undefined : 'heard the answer to a foreign ping';
      case 'done':
        return requests.has(message.requestId) ? undefined : 'heard a foreign done';
      case 'error':
        if (message.requestId !== undefined && !requests.has(message.requestId)) {
          return 'heard the error of a foreign command';
        }
        return message.answers === undefined || sentTypes.has(message.answers)
          ? undefined
          : 'heard an error that answers nothing it sent';
      case 'key-renewed':
        this.keep(message.key, 'operator', role);
        return undefined;
      default:
        return undefined;
    }
  }

  #problemWithWelcome(
    listener: Listener,
    message: Extract<ServerMessage, { type: 'welcome' }>,
  ): string | undefined {
    this.keep(message.resumeToken, listener.clientId);
    if (message.clientId !== listener.clientId) return 'was welcomed as somebody else';
    if (message.role !== listener.role) return `was welcomed as ${message.role}`;
    if (listener.role !== 'operator' && message.joinAddresses.length > 0) {
      return 'was told where phones join';
    }
    const strange = message.sessions.map((session) => this.#opened(listener, session));
    const streams = message.streams.map(({ streamId }) =>
      this.#problemWithStream(listener, streamId),
    );
    return [...strange, ...streams].find((problem) => problem !== undefined);
  }

  #problemWithStream({ role, clientId }: Listener, streamId: string): string | undefined {
    if (role !== 'phone' || this.published.get(clientId)?.has(streamId)) return undefined;
    return 'heard of a stream that is not its own';
  }

  #opened({ role, clientId }: Listener, session: SessionInfo): string | undefined {
    const end = role === 'phone' ? 'publisher' : 'subscriber';
    if (session.role !== end) return `was told that it is the ${session.role} of a session`;
    const ends = this.#ends.get(session.sessionId) ?? {
      publisher: new Set<string>(),
      subscriber: new Set<string>(),
    };
    ends[end].add(clientId);
    this.#ends.set(session.sessionId, ends);
    this.#watched.set(session.sessionId, session.streamId);
    if (end === 'subscriber' && session.peerRole !== 'phone') return 'watches something strange';
    if (end === 'publisher' && session.peerRole === 'phone') return 'is watched by a phone';
    return undefined;
  }
}

function setAt<K, T>(map: Map<K, Set<T>>, key: K): Set<T> {
  const set = map.get(key) ?? new Set<T>();
  map.set(key, set);
  return set;
}
