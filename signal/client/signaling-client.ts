/**
 * A browser's end of the signalling connection. The machine decides; this class owns the socket
 * and the timers, and closes them. It comes back by itself until it is closed or told never to.
 */
import { createNanoEvents } from 'nanoevents';
import { CLOSE } from '../protocol/close-codes';
import { encode, type CodecError } from '../protocol/codec';
import type { Device } from '../protocol/fields';
import {
  PING_INTERVAL_MS,
  PROTOCOL_VERSION,
  SILENCE_TIMEOUT_MS,
  SUBPROTOCOL,
} from '../protocol/limits';
import type {
  ClientMessageInput,
  ClientType,
  ErrorMessage,
  IceServer,
  ServerMessage,
  Welcome,
} from '../protocol/messages';
import type { Result } from '../protocol/result';
import { retryDelayMs } from './backoff';
import {
  INITIAL_STATE,
  statusOf,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  type SignalingFailure,
  type SignalingStatus,
} from './connection-machine';
import type { ClientIdentity } from './identity';
import { endpointOf } from './origin';

/** Time for a socket to open and be welcomed, in milliseconds: a LAN needs a few, a busy phone more. */
const GREETING_TIMEOUT_MS = 8_000;

/**
 * Time for the answer to a probe, in milliseconds; sent when the network may have changed. Three bad
 * round trips on a phone; taking too short a silence for loss only costs a resumed socket.
 */
const PROBE_TIMEOUT_MS = 1_500;

/** Lateness of a timer that shows the page was held back, in milliseconds. */
const HELD_BACK_MS = 1_000;

/** Time a connection must hold before its next loss counts as a first one, in milliseconds. */
const STABLE_AFTER_MS = 10_000;

/** What a client says of itself in every `hello`. */
export interface SignalingCredentials {
  /** Of the link that the page was opened by. */
  readonly key?: string | undefined;
  /** By which the server knows this device again. */
  readonly deviceKey?: string | undefined;
  readonly device?: Device | undefined;
}

/** `Received`: what the server sends to this type of client. */
export interface SignalingClientOptions<Received extends ServerMessage> {
  /** `ws://host:port` or `wss://host:port`. */
  readonly origin: string;
  /** Who we are; its resume token is kept up to date. */
  readonly identity: ClientIdentity;
  readonly clientType: ClientType;
  /**
   * `decodeStreamerMessage` or `decodeViewerMessage`, as the type of client asks for: handed in, so
   * that a page carries only the schemas that it needs.
   */
  readonly decode: (text: string) => Result<Received, CodecError>;
  readonly credentials?: SignalingCredentials;
  /**
   * `closeSentence`, for pages that show it. The server's own words come first.
   */
  readonly sentenceOf?: (closeCode: number) => string | undefined;
}

interface SignalingEvents<Received extends ServerMessage> {
  /** The status changed, or the setback of a client that goes on trying. */
  statusChanged: (status: SignalingStatus) => void;
  /** Every time a connection stands, the first and all later ones. */
  welcomed: (welcome: Welcome) => void;
  /** Everything that follows a welcome, except pongs, ICE servers and new keys. */
  message: (message: Received) => void;
  /** The key of our link was changed; it is in `credentials` already, and wants to be kept. */
  keyRenewed: (key: string) => void;
  /** Time from a ping to its pong, in milliseconds. */
  roundTripMeasured: (milliseconds: number) => void;
}

type Timer = ReturnType<typeof setTimeout>;

/** See the head of this file. */
export class SignalingClient<Received extends ServerMessage = ServerMessage> {
  readonly #options: SignalingClientOptions<Received>;
  readonly #events = createNanoEvents<SignalingEvents<Received>>();
  #state: ConnectionState = INITIAL_STATE;
  #toldStatus: SignalingStatus = statusOf(INITIAL_STATE);
  #toldSetback: SignalingFailure | undefined;
  #credentials: SignalingCredentials;
  /** The server's last words, where they would explain a close. */
  #lastError: string | undefined;
  #socket: WebSocket | undefined;
  #welcome: Welcome | undefined;
  #iceServers: readonly IceServer[] = [];
  #roundTripTimeMs: number | undefined;
  #retryTimer: Timer | undefined;
  #watchdog: Timer | undefined;
  #isProbing = false;
  #pingTimer: Timer | undefined;
  #stableTimer: Timer | undefined;

  constructor(options: SignalingClientOptions<Received>) {
    this.#options = options;
    this.#credentials = options.credentials ?? {};
  }

  get status(): SignalingStatus {
    return statusOf(this.#state);
  }

  /** Set while the status is `failed`. */
  get failure(): SignalingFailure | undefined {
    return this.#state.name === 'failed' ? this.#state : undefined;
  }

  /** Why the server asked for patience (it is full, its room is locked), while we try on. */
  get setback(): SignalingFailure | undefined {
    return 'setback' in this.#state ? this.#state.setback : undefined;
  }

  /** What the next `hello` says; replace it as a whole. */
  get credentials(): SignalingCredentials {
    return this.#credentials;
  }

  set credentials(credentials: SignalingCredentials) {
    this.#credentials = credentials;
  }

  /** Of the present connection; undefined while there is none. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  /** Of the last welcome, or what the server has replaced them by since. */
  get iceServers(): readonly IceServer[] {
    return this.#iceServers;
  }

  /** Last measured signalling round trip, in milliseconds. */
  get roundTripTimeMs(): number | undefined {
    return this.#roundTripTimeMs;
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof SignalingEvents<Received>>(
    event: E,
    listener: SignalingEvents<Received>[E],
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** Starts, or starts again after a failure, with the credentials of now. */
  connect(): void {
    this.#handle({ name: 'start' });
  }

  /** Tries now where it would wait, checks now where it believes to be connected. */
  wake(): void {
    this.#handle({ name: 'wake' });
  }

  /** Finds out soon whether the connection still stands; does nothing where there is none. */
  check(): void {
    if (this.#state.name === 'connected') this.#run({ name: 'probe' });
  }

  /**
   * Sends a message.
   * @returns false when there is no connection: nothing is queued, because a welcome brings the
   *   whole state and whoever cares acts on that.
   */
  send(message: ClientMessageInput): boolean {
    if (this.#state.name !== 'connected' || this.#socket === undefined) return false;
    this.#socket.send(encode(message));
    return true;
  }

  /** Says goodbye and closes for good. Idempotent. */
  close(): void {
    this.#handle({ name: 'stop' });
  }

  #handle(event: ConnectionEvent): void {
    const [state, effects] = transition(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    // An effect may have raised a further event, which has then told already.
    if (this.status === this.#toldStatus && this.setback === this.#toldSetback) return;
    this.#toldStatus = this.status;
    this.#toldSetback = this.setback;
    this.#events.emit('statusChanged', this.status);
  }

  #run(effect: ConnectionEffect): void {
    switch (effect.name) {
      case 'open-socket':
        this.#openSocket();
        break;
      case 'send-hello':
        this.#sendHello();
        break;
      case 'drop-socket':
        this.#dropSocket();
        break;
      case 'say-bye':
        this.#socket?.send(encode({ type: 'bye' }));
        break;
      case 'schedule-retry':
        this.#retryTimer = setTimeout(
          () => this.#handle({ name: 'retry-due' }),
          retryDelayMs(effect.attempt, effect.policy, Math.random()),
        );
        break;
      case 'cancel-retry':
        clearTimeout(this.#retryTimer);
        break;
      case 'probe':
        // One that is under way is not prolonged by the next doubt.
        if (this.#isProbing) break;
        this.#isProbing = true;
        this.#ping();
        this.#expectWithin(PROBE_TIMEOUT_MS);
        break;
    }
  }

  #sendHello(): void {
    const { resumeToken } = this.#options.identity;
    const { key, deviceKey, device } = this.#credentials;
    this.#socket?.send(
      encode({
        type: 'hello',
        protocolVersion: PROTOCOL_VERSION,
        ...(resumeToken === undefined ? {} : { resumeToken }),
        ...(key === undefined ? {} : { key }),
        ...(deviceKey === undefined ? {} : { deviceKey }),
        ...(device === undefined ? {} : { device }),
      }),
    );
  }

  #openSocket(): void {
    const socket = this.#createSocket();
    if (socket === undefined) return;
    this.#socket = socket;
    this.#lastError = undefined;
    this.#expectWithin(GREETING_TIMEOUT_MS);
    // A superseded socket may still speak: only the present one is heard.
    socket.onopen = () => {
      if (socket === this.#socket) this.#handle({ name: 'socket-opened' });
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (socket === this.#socket && typeof data === 'string') this.#receive(data);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      this.#onClose(code);
    };
  }

  /** Undefined where the browser refuses: no such address, or `ws:` from a page on `https:`. */
  #createSocket(): WebSocket | undefined {
    const { origin, identity, clientType } = this.#options;
    try {
      return new WebSocket(endpointOf(origin, identity.clientId, clientType), SUBPROTOCOL);
    } catch {
      // The exception says no more than that; the failure carries what a person can do.
      this.#handle({ name: 'refused' });
      return undefined;
    }
  }

  #receive(text: string): void {
    const decoded = this.#options.decode(text);
    if (!decoded.ok) {
      // A server that breaks its own protocol is of another version: stop and say so.
      this.#onClose(CLOSE.protocolViolation.code);
      return;
    }
    const message = decoded.value;
    this.#lastError = explains(message) ? message.message : undefined;
    if (this.#state.name === 'connected') {
      this.#isProbing = false;
      this.#expectWithin(SILENCE_TIMEOUT_MS);
    }
    if (message.type === 'welcome') {
      this.#onWelcome(message);
    } else if (message.type === 'pong') {
      this.#roundTripTimeMs = Math.max(0, performance.now() - message.sentAt);
      this.#events.emit('roundTripMeasured', this.#roundTripTimeMs);
    } else if (message.type === 'ice-servers') {
      this.#iceServers = message.iceServers;
    } else if (message.type === 'key-renewed') {
      this.#credentials = { ...this.#credentials, key: message.key };
      this.#events.emit('keyRenewed', message.key);
    } else {
      if (this.#state.name === 'connected') this.#events.emit('message', message);
    }
  }

  #onClose(code: number): void {
    const sentence = this.#lastError ?? this.#options.sentenceOf?.(code);
    this.#handle({ name: 'socket-closed', code, sentence });
  }

  #onWelcome(welcome: Welcome): void {
    if (this.#state.name !== 'greeting') return;
    this.#options.identity.resumeToken = welcome.resumeToken;
    this.#welcome = welcome;
    this.#iceServers = welcome.iceServers;
    this.#expectWithin(SILENCE_TIMEOUT_MS);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#stableTimer = setTimeout(() => this.#handle({ name: 'stable' }), STABLE_AFTER_MS);
    this.#handle({ name: 'welcomed' });
    // A listener of the new status may have closed us.
    if (this.#welcome === welcome) this.#events.emit('welcomed', welcome);
    // Only now does the server know that the new token is kept, and stops taking the one before.
    this.#ping();
  }

  #ping(): void {
    this.send({ type: 'ping', sentAt: performance.now() });
  }

  #expectWithin(milliseconds: number): void {
    clearTimeout(this.#watchdog);
    const dueAt = performance.now() + milliseconds;
    this.#watchdog = setTimeout(() => {
      // A page in the background has its timers held back, its pings among them: silence that
      // nobody asked to break proves nothing, so ask first.
      const wasHeldBack = performance.now() - dueAt > HELD_BACK_MS;
      if (wasHeldBack && this.#state.name === 'connected') {
        this.#isProbing = false;
        this.#run({ name: 'probe' });
      } else this.#handle({ name: 'timed-out' });
    }, milliseconds);
  }

  #dropSocket(): void {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#stableTimer);
    clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#welcome = undefined;
    this.#isProbing = false;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** An error that answers what was asked explains no close; a hello that is refused does. */
function explains(message: ServerMessage): message is ErrorMessage {
  if (message.type !== 'error') return false;
  return message.answers === undefined || message.answers === 'hello';
}
