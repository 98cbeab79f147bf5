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

/** Payload of the ping that follows a welcome; its pong proves that the welcome arrived. */
const WELCOME_PING = 'welcome';

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

/** The first message of every socket. */
export type HelloMessage = Extract<ClientMessage, { type: 'hello' }>;

/** Who hears of it. */
export interface ClientSocketListener {
  /** The first message; the listener answers with `welcome` or `refuse`. */
  onHello(socket: ClientSocket, hello: HelloMessage): void;
  /** The client is known to have received its welcome. */
  onConfirmed(socket: ClientSocket): void;
  /** A sound message after the welcome; `text` is the frame as it came. */
  onMessage(socket: ClientSocket, message: RegistryMessage, text: string): void;
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
  readonly #options: ClientSocketOptions;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #helloTimer: NodeJS.Timeout;
  #state: 'greeting' | 'held' | 'open' | 'lost' = 'greeting';
  #isConfirmed = false;
  #missedPongs = 0;
  /** Monotonic times of the last unreadable messages. */
  #invalidAtMs: number[] = [];

  constructor(socket: WebSocket, options: ClientSocketOptions) {
    const { id, clientId, clientType, publicOrigin, address, wire, limits, nowMs } = options;
    this.id = id;
    this.clientId = clientId;
    this.clientType = clientType;
    this.publicOrigin = publicOrigin;
    this.address = address;
    this.#socket = socket;
    this.#options = options;
    this.#messages = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, nowMs());
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, nowMs());
    this.#helloTimer = setTimeout(() => this.close('helloTimeout'), limits.helloTimeoutMs);
    socket.on('message', (data, isBinary) => this.#contain(() => this.#receive(data, isBinary)));
    socket.on('pong', (data) => this.#onPong(data));
    socket.on('ping', (data) => this.#onPing(data));
    wire.on('data', (chunk: Buffer) => this.#onBytes(chunk.length));
    // Broken frames and too large ones: `ws` closes by itself with the code that belongs to it.
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', (code) => {
      this.#lose(LEAVING_CODES.has(code));
      options.place.closed();
      options.listener.onClosed(this);
    });
  }

  /** Whether it has said hello and been let in. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Lets the client in; the first of the frames is its welcome. */
  welcome(frames: readonly ServerMessage[]): void {
    if (this.#state !== 'greeting') return;
    clearTimeout(this.#helloTimer);
    this.#options.place.welcomed();
    this.#state = 'open';
    for (const frame of frames) this.sendText(encode(frame));
    if (this.isOpen) this.#socket.ping(WELCOME_PING);
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
    if (this.#state === 'lost') return;
    // At most three bytes for each UTF-16 unit; exactness is not worth encoding it twice.
    const waiting = this.#socket.bufferedAmount;
    if (waiting > 0 && waiting + text.length * 3 > this.#options.limits.maxBufferedBytes) {
      this.close('slowReader');
      return;
    }
    const { sent } = this.#options.traffic;
    sent.messages += 1;
    sent.bytes += Buffer.byteLength(text);
    this.#socket.send(text);
  }

  /** Sends what a later frame of its kind replaces; leaves it out while the reader is behind. */
  sendPassing(text: string): void {
    if (this.#socket.bufferedAmount <= PASSING_BACKLOG_BYTES) this.sendText(text);
  }

  /** One beat of the hub's heart: pings, and gives up a socket that stays silent. */
  beat(): void {
    if (this.#state === 'lost') return;
    if (this.#missedPongs >= this.#options.limits.maxMissedPongs) {
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
    if (reason !== undefined) this.#options.refusals.count(reason);
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
    clearTimeout(this.#helloTimer);
    this.#state = 'lost';
    this.#options.listener.onLost(this, { isLeaving });
  }

  /** Spends of a budget; whoever has no more is let go. */
  #spend(budget: TokenBucket, cost: number, reason: 'messages' | 'bytes'): boolean {
    if (this.#state === 'lost' || budget.take(cost, this.#options.nowMs())) return true;
    this.#options.refusals.count(reason);
    const message = `Too many ${reason} at once; slow down and come back.`;
    this.sendError({ id: 'too-many-messages', message });
    this.close('tooManyMessages');
    return false;
  }

  #onError(error: Error): void {
    this.#log({ reason: error.message }, 'socket error');
    const code = 'code' in error ? error.code : undefined;
    if (SIZE_ERRORS.has(code)) this.#options.refusals.count('frame-size');
    else if (String(code).startsWith('WS_ERR_')) this.#options.refusals.count('unreadable');
  }

  #onBytes(length: number): void {
    this.#options.traffic.received.bytes += length;
    this.#spend(this.#bytes, length, 'bytes');
  }

  /** Answered here and not by `ws`, so that pings cost like messages, and their answers too. */
  #onPing(data: Buffer): void {
    if (this.#state === 'lost' || !this.#spend(this.#messages, 1, 'messages')) return;
    if (this.#socket.bufferedAmount <= this.#options.limits.maxBufferedBytes) {
      this.#socket.pong(data);
    } else {
      this.close('slowReader');
    }
  }

  #onPong(data: Buffer): void {
    this.#missedPongs = 0;
    if (data.toString('latin1') === WELCOME_PING) this.#confirm();
  }

  #confirm(): void {
    if (this.#isConfirmed || this.#state !== 'open') return;
    this.#isConfirmed = true;
    this.#options.listener.onConfirmed(this);
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
      this.#options.logger.error({ clientId, clientType, where }, sentence);
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
    this.#options.traffic.received.messages += 1;
    if (!this.#spend(this.#messages, 1, 'messages') || this.#state === 'held') return;
    const text = data.toString('utf8');
    const decoded = decodeClientMessage(text);
    if (decoded.ok) this.#handle(decoded.value, text);
    else this.#refuseUnreadable(decoded.error);
  }

  #handle(message: ClientMessage, text: string): void {
    if (this.#state === 'greeting') {
      if (message.type === 'hello') {
        this.#options.listener.onHello(this, message);
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
        this.#options.listener.onMessage(this, message, text);
    }
  }

  /** No child logger: it would weigh more than all the rest of an idle socket. */
  #log(facts: object, message: string): void {
    const { id: socketId, clientId, clientType } = this;
    this.#options.logger.debug({ clientId, clientType, socketId, ...facts }, message);
  }

  #refuseUnreadable({ id, message, type }: CodecError): void {
    const { limits, nowMs } = this.#options;
    const now = nowMs();
    const since = now - limits.invalidWindowMs;
    this.#invalidAtMs = [...this.#invalidAtMs.filter((time) => time > since), now];
    // What is no type of ours is anything at all: a page may have put its key there.
    const answers = id === 'unknown-type' ? undefined : type;
    this.#log({ error: id, answers }, 'unreadable message');
    this.sendError({ id, message, ...(type === undefined ? {} : { answers: type }) });
    if (this.#invalidAtMs.length > limits.maxInvalidMessages) this.close('protocolViolation');
  }
}
