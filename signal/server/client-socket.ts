/**
 * One WebSocket from its opening to its end: hello, heartbeat, rates, sizes, a slow reader. What
 * is wrong with this socket ends here; the hub hears only sound messages and, once, that it is lost.
 */
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { CLOSE, type CloseName } from '../protocol/close-codes';
import { decodeClientMessage, encode, type CodecError } from '../protocol/codec';
import type { ClientMessage, ClientType, ErrorMessage, ServerMessage } from '../protocol/messages';
import type { SocketPlace } from './limits/address-limits';
import type { Refusals, RefusalReason } from './limits/refusals';
import type { Traffic } from './metrics/traffic';
import type { RegistryMessage } from './registry';
import type { SocketLimits } from './socket-limits';
import { TokenBucket } from './token-bucket';

/** WebSocket close codes of a page closed on purpose (RFC 6455 section 7.4.1). */
const LEAVING_CODES: ReadonlySet<number> = new Set([1000, 1001]);

/** Closes that are refusals of the server's own making, and what they count as. */
const REASON_OF_CLOSE: Partial<Record<CloseName, RefusalReason>> = {
  helloTimeout: 'hello-timeouts',
  slowReader: 'slow-readers',
  binaryRefused: 'unreadable',
  protocolViolation: 'unreadable',
};

/**
 * Bytes that may wait before `sendPassing` leaves frames out: well below what a reader is let go
 * for, so that pictures alone never throw anybody out.
 */
const PASSING_BACKLOG_BYTES = 128 * 1024;

/** Errors of `ws` that mean a message was too large. */
const SIZE_ERRORS: ReadonlySet<unknown> = new Set([
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
]);

/** What is sent is text, also where it is a buffer already. */
const AS_TEXT = { binary: false };

/** Bytes that are gathered before they leave; the system takes about as many at a time. */
const GATHERED_BYTES = 64 * 1024;

/** Whose a `ws` socket is, and the connection below it. */
const owners = new WeakMap<object, ClientSocket>();

function ownerOf(resource: object): ClientSocket {
  const owner = owners.get(resource);
  if (owner === undefined) throw new Error('A socket is heard that belongs to nobody.');
  return owner;
}

/** The first message of every socket. */
export type HelloMessage = Extract<ClientMessage, { type: 'hello' }>;

/** Who hears of it. */
export interface ClientSocketListener {
  /** The first message; the listener answers with `welcome` or `refuse`. */
  onHello(socket: ClientSocket, hello: HelloMessage): void;
  /** The client is known to have received its welcome: it said something after it. */
  onConfirmed(socket: ClientSocket): void;
  /** A sound message after the welcome, and the frame as it came. */
  onMessage(socket: ClientSocket, message: RegistryMessage, frame: Buffer): void;
  /** Once, as soon as this socket no longer speaks for its client, even if it is still closing. */
  onLost(socket: ClientSocket, reason: { readonly isLeaving: boolean }): void;
  /** Once, when nothing of it is left. */
  onClosed(socket: ClientSocket): void;
}

/** What a socket is told at its opening. */
export interface ClientSocketOptions {
  readonly id: number;
  readonly clientId: string;
  readonly clientType: ClientType;
  /** Where a trusted proxy says that it came to. */
  readonly publicOrigin: string | undefined;
  /** Where it comes from; of the client itself where a trusted proxy names it. */
  readonly address: string;
  /** Its place among the sockets of that address. */
  readonly place: SocketPlace;
  /** What the frames come through; its bytes are counted before they are frames. */
  readonly wire: Duplex;
}

/** What all sockets share. */
export interface ClientSocketParts {
  readonly limits: SocketLimits;
  readonly refusals: Refusals;
  readonly traffic: Traffic;
  /** A monotonic time in milliseconds. */
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly listener: ClientSocketListener;
}

/** See the head of this file. */
export class ClientSocket {
  readonly id: number;
  readonly clientId: string;
  readonly clientType: ClientType;
  readonly publicOrigin: string | undefined;
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #place: SocketPlace;
  readonly #wire: Duplex;
  readonly #parts: ClientSocketParts;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #helloTimer: NodeJS.Timeout | undefined;
  #state: 'greeting' | 'held' | 'open' | 'lost' = 'greeting';
  #isConfirmed = false;
  #missedPongs = 0;
  /** Whether frames wait for the end of this turn. */
  #isGathering = false;
  /** Monotonic times of the last unreadable messages; undefined before the first. */
  #invalidAtMs: number[] | undefined;

  constructor(socket: WebSocket, options: ClientSocketOptions, parts: ClientSocketParts) {
    const { id, clientId, clientType, publicOrigin, address, place, wire } = options;
    const { limits, nowMs } = parts;
    this.id = id;
    this.clientId = clientId;
    this.clientType = clientType;
    this.publicOrigin = publicOrigin;
    this.address = address;
    this.#socket = socket;
    this.#place = place;
    this.#wire = wire;
    this.#parts = parts;
    this.#messages = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, nowMs());
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, nowMs());
    this.#helloTimer = setTimeout(() => this.close('helloTimeout'), limits.helloTimeoutMs);
    owners.set(socket, this);
    owners.set(wire, this);
    socket.on('message', ClientSocket.#onMessage);
    socket.on('pong', ClientSocket.#onPong);
    socket.on('ping', ClientSocket.#onPing);
    wire.on('data', ClientSocket.#onBytes);
    // Broken frames and too large ones: `ws` closes by itself with the code that belongs to it.
    socket.on('error', ClientSocket.#onError);
    socket.on('close', ClientSocket.#onClose);
  }

  // Listeners that all sockets share: six functions of its own would be a tenth of an idle socket.

  static #onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    const owner = ownerOf(this);
    owner.#contain(() => owner.#receive(data, isBinary));
  }

  static #onPong(this: WebSocket): void {
    // A browser answers pings itself: that its page got its welcome is no matter of pongs.
    ownerOf(this).#missedPongs = 0;
  }

  static #onPing(this: WebSocket, data: Buffer): void {
    ownerOf(this).#answerPing(data);
  }

  static #onBytes(this: Duplex, chunk: Buffer): void {
    ownerOf(this).#countBytes(chunk.length);
  }

  static #onError(this: WebSocket, error: Error): void {
    ownerOf(this).#noteError(error);
  }

  static #onClose(this: WebSocket, code: number): void {
    const owner = ownerOf(this);
    owner.#lose(LEAVING_CODES.has(code));
    owner.#place.closed();
    owner.#parts.listener.onClosed(owner);
  }

  /** Whether it has said hello and been let in. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Lets the client in; the first of the frames is its welcome. */
  welcome(frames: readonly ServerMessage[]): void {
    if (this.#state !== 'greeting') return;
    this.#stopWaiting();
    this.#place.welcomed();
    this.#state = 'open';
    for (const frame of frames) this.sendText(encode(frame));
  }

  /**
   * Hears no further hello: the answer to the last is settled and only waits. Otherwise one socket
   * could try many keys at once.
   */
  hold(): void {
    if (this.#state === 'greeting') this.#state = 'held';
  }

  /** Answers a message with an error. */
  sendError(error: Omit<ErrorMessage, 'type'>): void {
    this.sendText(encode({ type: 'error', ...error }));
  }

  /** Sends a frame, unless the reader is too slow: it is then let go and comes back afresh. */
  sendText(text: string): void {
    this.sendFrame(Buffer.from(text));
  }

  /** The same with a frame that is encoded already; nobody may write into it any more. */
  sendFrame(frame: Buffer): void {
    if (this.#state === 'lost') return;
    const waiting = this.#socket.bufferedAmount;
    if (waiting > 0 && waiting + frame.length > this.#parts.limits.maxBufferedBytes) {
      this.close('slowReader');
      return;
    }
    const { sent } = this.#parts.traffic;
    sent.messages += 1;
    sent.bytes += frame.length;
    this.#gather();
    this.#socket.send(frame, AS_TEXT);
    if (this.#wire.writableLength > GATHERED_BYTES) {
      this.#wire.uncork();
      this.#wire.cork();
    }
  }

  /**
   * Lets all that is sent in this turn leave by one call of the system, which costs more than all
   * else that is done for a message. What one reading brings for a client leaves in one writing.
   */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#wire.cork();
    process.nextTick(ClientSocket.#release, this);
  }

  static readonly #release = (socket: ClientSocket): void => {
    socket.#isGathering = false;
    socket.#wire.uncork();
  };

  /** Sends what a later frame of its kind replaces; leaves it out while the reader is behind. */
  sendPassing(frame: Buffer): void {
    if (this.#socket.bufferedAmount <= PASSING_BACKLOG_BYTES) this.sendFrame(frame);
  }

  /** One beat of the hub's heart: pings, and gives up a socket that stays silent. */
  beat(): void {
    if (this.#state === 'lost') return;
    if (this.#missedPongs >= this.#parts.limits.maxMissedPongs) {
      this.close('deadSocket');
      return;
    }
    this.#missedPongs += 1;
    this.#socket.ping();
  }

  /** Closes with one of the protocol's codes. `ws` destroys it if the other end does not answer. */
  close(name: CloseName): void {
    if (this.#state === 'lost') return;
    this.#log({ close: name, code: CLOSE[name].code }, 'closing a socket');
    const reason = REASON_OF_CLOSE[name];
    if (reason !== undefined) this.#parts.refusals.count(reason);
    this.#lose(false);
    this.#socket.close(CLOSE[name].code, name);
  }

  /** Closes after a `bye`. */
  end(): void {
    this.#lose(true);
    this.#socket.close(1000);
  }

  /** Destroys it now. */
  terminate(): void {
    this.#lose(false);
    this.#socket.terminate();
  }

  #lose(isLeaving: boolean): void {
    if (this.#state === 'lost') return;
    this.#stopWaiting();
    this.#state = 'lost';
    this.#parts.listener.onLost(this, { isLeaving });
  }

  #stopWaiting(): void {
    clearTimeout(this.#helloTimer);
    this.#helloTimer = undefined;
  }

  /** Spends of a budget; whoever has no more is let go. */
  #spend(budget: TokenBucket, cost: number, reason: 'messages' | 'bytes'): boolean {
    if (this.#state === 'lost' || budget.take(cost, this.#parts.nowMs())) return true;
    this.#parts.refusals.count(reason);
    const message = `Too many ${reason} at once; slow down and come back.`;
    this.sendError({ id: 'too-many-messages', message });
    this.close('tooManyMessages');
    return false;
  }

  #noteError(error: Error): void {
    this.#log({ reason: error.message }, 'socket error');
    const code = 'code' in error ? error.code : undefined;
    if (SIZE_ERRORS.has(code)) this.#parts.refusals.count('frame-size');
    else if (String(code).startsWith('WS_ERR_')) this.#parts.refusals.count('unreadable');
  }

  #countBytes(length: number): void {
    this.#parts.traffic.received.bytes += length;
    this.#spend(this.#bytes, length, 'bytes');
  }

  /** Answered here and not by `ws`, so that pings cost like messages, and their answers too. */
  #answerPing(data: Buffer): void {
    if (this.#state === 'lost' || !this.#spend(this.#messages, 1, 'messages')) return;
    if (this.#socket.bufferedAmount <= this.#parts.limits.maxBufferedBytes) {
      this.#socket.pong(data);
    } else {
      this.close('slowReader');
    }
  }

  #confirm(): void {
    if (this.#isConfirmed || this.#state !== 'open') return;
    this.#isConfirmed = true;
    this.#parts.listener.onConfirmed(this);
  }

  /**
   * Whatever is wrong with our handling of what one client sends, the others go on: a message that
   * ended the server could be sent again after each restart. At worst this client's own entries
   * are half made, and they go with its socket, which it takes for a broken connection.
   */
  #contain(handle: () => void): void {
    try {
      handle();
    } catch (error) {
      const { clientId, clientType } = this;
      const where = error instanceof Error ? error.stack : String(error);
      const sentence = 'a message could not be handled; its socket is closed';
      this.#parts.logger.error({ clientId, clientType, where }, sentence);
      this.terminate();
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state === 'lost') return;
    if (isBinary || !Buffer.isBuffer(data)) {
      this.close('binaryRefused');
      return;
    }
    this.#missedPongs = 0;
    this.#parts.traffic.received.messages += 1;
    if (!this.#spend(this.#messages, 1, 'messages') || this.#state === 'held') return;
    const text = data.toString('utf8');
    const decoded = decodeClientMessage(text);
    if (decoded.ok) this.#handle(decoded.value, data);
    else this.#refuseUnreadable(decoded.error);
  }

  #handle(message: ClientMessage, frame: Buffer): void {
    if (this.#state === 'greeting') {
      if (message.type === 'hello') {
        this.#parts.listener.onHello(this, message);
        return;
      }
      const sentence = 'Say hello before anything else.';
      this.sendError({ id: 'hello-required', message: sentence, answers: message.type });
      this.close('helloRequired');
      return;
    }
    this.#confirm();
    switch (message.type) {
      case 'hello':
        this.sendError({
          id: 'already-welcome',
          message: 'This socket has been welcomed already.',
          answers: 'hello',
        });
        break;
      case 'ping':
        this.sendText(encode({ type: 'pong', sentAt: message.sentAt }));
        break;
      default:
        this.#parts.listener.onMessage(this, message, frame);
    }
  }

  /** No child logger: it would weigh more than all the rest of an idle socket. */
  #log(facts: object, message: string): void {
    const { id: socketId, clientId, clientType } = this;
    this.#parts.logger.debug({ clientId, clientType, socketId, ...facts }, message);
  }

  #refuseUnreadable({ id, message, type }: CodecError): void {
    const { limits, nowMs } = this.#parts;
    const now = nowMs();
    const since = now - limits.invalidWindowMs;
    this.#invalidAtMs = [...(this.#invalidAtMs?.filter((time) => time > since) ?? []), now];
    // What is no type of ours is anything at all: a page may have put its key there.
    const answers = id === 'unknown-type' ? undefined : type;
    this.#log({ error: id, answers }, 'unreadable message');
    this.sendError({ id, message, ...(type === undefined ? {} : { answers: type }) });
    if (this.#invalidAtMs.length > limits.maxInvalidMessages) this.close('protocolViolation');
  }
}
