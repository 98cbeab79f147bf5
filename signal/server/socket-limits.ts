/** What one socket may do before the server lets go of it. Tests pass smaller ones. */
import { HELLO_TIMEOUT_MS } from '../protocol/limits';

/** Limits of every socket. */
export interface SocketLimits {
  /** Time a fresh socket has to say `hello`, in milliseconds. */
  readonly helloTimeoutMs: number;
  /** Interval of the protocol-level pings, in milliseconds. */
  readonly heartbeatMs: number;
  /** Pings in a row that may go unanswered. */
  readonly maxMissedPongs: number;
  /** Messages a client may send at once; its WebSocket pings count too. */
  readonly messageBurst: number;
  /** Messages per second a client may send for ever. */
  readonly messagesPerSecond: number;
  /** Bytes a client may send at once, counted as they come off the wire. */
  readonly byteBurst: number;
  /** Bytes per second a client may send for ever. */
  readonly bytesPerSecond: number;
  /** Streams that a client may put on the wall at once, over time. */
  readonly publishBurst: number;
  /** Streams per second that it may put there for ever. */
  readonly publishesPerSecond: number;
  /** Fragments that one message may come in; browsers send one. */
  readonly maxFragments: number;
  /** Unreadable messages allowed within `invalidWindowMs`. */
  readonly maxInvalidMessages: number;
  /** In milliseconds. */
  readonly invalidWindowMs: number;
  /** Bytes that may wait for a slow reader. */
  readonly maxBufferedBytes: number;
  /** Time the other end has to answer a close before its socket is destroyed, in milliseconds. */
  readonly closeTimeoutMs: number;
  /** How long changes of a stream are gathered before they are sent as one, in milliseconds. */
  readonly updateDelayMs: number;
}

/**
 * A publisher that 25 viewers join at once sends each an offer (about 8 KiB) and up to 30 trickled
 * candidates (four addresses, UDP and TCP, before bundling settles): 800 messages, 500 KiB. 1000
 * leaves room, and costs the server some 15 ms, which no one else notices.
 */
export const SOCKET_LIMITS: SocketLimits = {
  helloTimeoutMs: HELLO_TIMEOUT_MS,
  heartbeatMs: 5_000,
  maxMissedPongs: 2,
  messageBurst: 1_000,
  messagesPerSecond: 200,
  byteBurst: 4_000 * 1024,
  bytesPerSecond: 800 * 1024,
  publishBurst: 10,
  publishesPerSecond: 1,
  maxFragments: 64,
  maxInvalidMessages: 20,
  invalidWindowMs: 10_000,
  maxBufferedBytes: 1024 * 1024,
  closeTimeoutMs: 2_000,
  updateDelayMs: 50,
};
