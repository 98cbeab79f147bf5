/** One socket of a fuzzing client, and what it believes from all that it has heard. */
import { WebSocket } from 'ws';
import {
  decodeClientMessage,
  decodeStreamerMessage,
  decodeViewerMessage,
} from '../../protocol/codec';
import type { Role } from '../../protocol/fields';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../../protocol/limits';
import type {
  ClientMessage,
  ServerMessage,
  SessionInfo,
  StreamInfo,
  Welcome,
} from '../../protocol/messages';
import type { PeopleMessage, RoomMessage } from '../../protocol/room-messages';
import type { Listener, Witness } from './witness';

/** A server that says nothing for so long is a problem, in milliseconds. */
const ANSWER_TIMEOUT_MS = 15_000;

/** What a socket introduces itself with. */
export interface Introduction {
  readonly name: string;
  readonly role: Role;
  readonly clientId: string;
  readonly key?: string | undefined;
  readonly deviceKey?: string | undefined;
  readonly resumeToken?: string | undefined;
  /** Says no hello by itself. */
  readonly isSilent?: boolean;
  /** Has no right to be let in; leaves at once if it is. */
  readonly isImpostor?: boolean;
}

/** See the head of this file. */
export class FuzzClient implements Listener {
  readonly name: string;
  readonly role: Role;
  readonly clientId: string;
  readonly streams = new Map<string, StreamInfo>();
  readonly sessions = new Map<string, SessionInfo>();
  readonly requests = new Map<string, ClientMessage>();
  readonly sentTypes = new Set<string>(['hello']);
  readonly pings = new Set<number>();
  readonly errors: string[] = [];
  readonly isImpostor: boolean;
  /** Close code; undefined while the socket is open. */
  closeCode: number | undefined;
  welcome: Welcome | undefined;
  room: RoomMessage | undefined;
  people: PeopleMessage | undefined;
  renewedKey: string | undefined;
  /** Those of them that time alone may bring: an invitation expires, a network comes up. */
  newsCount = 0;
  /** Messages heard so far, but for answers to pings. */
  heardCount = 0;
  /** The server has answered something after the welcome, so it knows that this arrived. */
  isConfirmed = false;
  readonly #socket: WebSocket;
  readonly #witness: Witness;
  readonly #waiting = new Set<() => void>();
  #lastPing = 0;
  #lastPong = -1;

  constructor(port: number, introduction: Introduction, witness: Witness) {
    const { name, role, clientId, isSilent = false, isImpostor = false } = introduction;
    this.name = name;
    this.role = role;
    this.clientId = clientId;
    this.#witness = witness;
    this.isImpostor = isImpostor;
    const type = role === 'phone' ? 'streamer' : 'viewer';
    const url = `ws://127.0.0.1:${port}/ws/${clientId}/${type}`;
    this.#socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false });
    this.#socket.on('open', () => {
      if (!isSilent) this.#socket.send(JSON.stringify(helloOf(introduction)));
    });
    this.#socket.on('message', (data: Buffer) => this.#hear(data.toString()));
    this.#socket.on('error', (error) => witness.note(`${name}: ${error.message}`));
    this.#socket.on('close', (code) => {
      this.closeCode = code;
      witness.left(clientId);
      witness.note(`${name} closed with ${code}`);
      this.#wake();
    });
  }

  /** Whether it may talk. */
  get isOpen(): boolean {
    return this.welcome !== undefined && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Whether it is neither let in nor refused yet. */
  get isGreeting(): boolean {
    return this.welcome === undefined && this.closeCode === undefined && this.errors.length === 0;
  }

  /** Whether it is connected, let in or not. */
  get isConnected(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a frame; says whether it was sent. */
  sendText(text: string, isBinary = false): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    if (!text.startsWith('{"type":"ping"')) this.#witness.note(`${this.name} > ${text}`);
    // A lone surrogate has no UTF-8: what arrives is its replacement.
    const arriving = Buffer.from(text).toString();
    const decoded = decodeClientMessage(arriving);
    if (decoded.ok) this.#sends(decoded.value, arriving);
    else if (decoded.error.type !== undefined) this.sentTypes.add(decoded.error.type);
    this.#socket.send(isBinary ? Buffer.from(text) : text);
    return true;
  }

  /** Sends a message. */
  send(message: ClientMessage): boolean {
    return this.sendText(JSON.stringify(message));
  }

  /** Waits until the server has handled all that was sent before, or the socket is closed. */
  async settle(): Promise<void> {
    if (!this.isOpen) return;
    this.#lastPing += 1;
    const sentAt = this.#lastPing + Math.random() / 2;
    if (!this.send({ type: 'ping', sentAt })) return;
    await this.until(() => this.#lastPong === sentAt);
    // Answers come in order, and duplicates of a ping are answered too.
    if (this.#lastPong === sentAt) this.pings.clear();
  }

  /**
   * Waits until something is so, or the socket is closed.
   * @throws Error when neither comes to be
   */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo() && this.closeCode === undefined) {
      await new Promise<void>((resolve, reject) => {
        const overdue = setTimeout(() => {
          reject(new Error(`${this.name} waits in vain; it has heard ${this.heardCount} messages`));
        }, ANSWER_TIMEOUT_MS);
        this.#waiting.add(() => {
          clearTimeout(overdue);
          resolve();
        });
      });
    }
  }

  /** Closes with a code of the WebSocket protocol, or breaks off. */
  drop(how: 'close' | 'break'): void {
    if (how === 'close') this.#socket.close(1001);
    else this.#socket.terminate();
  }

  #sends(message: ClientMessage, text: string): void {
    this.sentTypes.add(message.type);
    if (message.type === 'ping') this.pings.add(message.sentAt);
    if (message.type === 'moderate') this.requests.set(message.requestId, message);
    this.#witness.sent(this.clientId, message, text);
  }

  #hear(text: string): void {
    const decode = this.role === 'phone' ? decodeStreamerMessage : decodeViewerMessage;
    const decoded = decode(text);
    if (!decoded.ok) {
      this.#witness.accuse(`${this.name} heard nonsense (${decoded.error.message}): ${text}`);
      return;
    }
    const message = decoded.value;
    this.#witness.heard(this, message, text);
    this.isConfirmed = this.welcome !== undefined;
    const problem = this.#believe(message);
    if (problem !== undefined) this.#witness.accuse(`${this.name} ${problem}: ${text}`);
    if (message.type !== 'pong') this.heardCount += 1;
    this.#wake();
  }

  /** Takes in what it was told; answers with what contradicts what it was told before. */
  #believe(message: ServerMessage): string | undefined {
    switch (message.type) {
      case 'welcome':
        if (this.welcome !== undefined) return 'was welcomed twice';
        this.welcome = message;
        for (const stream of message.streams) this.streams.set(stream.streamId, stream);
        for (const session of message.sessions) this.sessions.set(session.sessionId, session);
        if (this.isImpostor) this.send({ type: 'bye' });
        return undefined;
      case 'stream-added': {
        const isKnown = this.streams.has(message.stream.streamId);
        this.streams.set(message.stream.streamId, message.stream);
        return isKnown ? 'heard of a stream that it knows' : undefined;
      }
      case 'stream-updated': {
        const isKnown = this.streams.has(message.stream.streamId);
        this.streams.set(message.stream.streamId, message.stream);
        return isKnown ? undefined : 'heard news of a stream it does not know';
      }
      case 'stream-removed':
        return this.streams.delete(message.streamId) ? undefined : 'lost a stream it never had';
      case 'session-opened':
        this.sessions.set(message.session.sessionId, message.session);
        return undefined;
      case 'session-closed':
        return this.sessions.delete(message.sessionId) ? undefined : 'lost a session it never had';
      case 'pong':
        this.#lastPong = message.sentAt;
        return undefined;
      case 'room':
        this.room = message;
        this.newsCount += 1;
        return undefined;
      case 'people':
        this.people = message;
        this.newsCount += 1;
        return undefined;
      case 'join-addresses':
        this.newsCount += 1;
        return undefined;
      case 'error':
        this.errors.push(message.id);
        return undefined;
      case 'key-renewed':
        this.renewedKey = message.key;
        return undefined;
      default:
        return undefined;
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function helloOf({ key, deviceKey, resumeToken }: Introduction): ClientMessage {
  return {
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    ...(key === undefined ? {} : { key }),
    ...(deviceKey === undefined ? {} : { deviceKey }),
    ...(resumeToken === undefined ? {} : { resumeToken }),
  };
}
