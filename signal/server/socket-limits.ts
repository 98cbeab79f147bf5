/**
 * What one socket may do before the server lets go of it. Kept apart from the command line: these
 * protect everybody else, and no installation should have to tune them. Tests pass smaller ones.
 */
import { HELLO_TIMEOUT_MS } from '../protocol/limits';

/** Limits of every socket. */
export interface SocketLimits {
  /** Time a fresh socket has to say `hello`, in milliseconds. */
  readonly helloTimeoutMs: number;
  /** Interval of the protocol-level pings, in milliseconds. */
  readonly heartbeatMs: number;
  /** Pings in a row that may go unanswered. */
  readonly maxMissedPongs: number;
  /** Messages a client may send at once; a big one counts for several. */
  readonly messageBurst: number;
  /** Messages per second a client may send for ever. */
  readonly messagesPerSecond: number;
  /** Bytes that count as one message. */
  readonly bytesPerMessage: number;
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
 * A publisher that 25 viewers join at once sends each an offer (about 8 KiB, so two messages) and
 * up to 30 trickled candidates (four addresses, UDP and TCP, before bundling settles): 800
 * messages. 1000 leaves room, and costs the server some 15 ms, which no one else notices. Counting
 * 4 KiB as a message keeps a burst of full frames below 4 MiB.
 */
export const SOCKET_LIMITS: SocketLimits = {
  helloTimeoutMs: HELLO_TIMEOUT_MS,
  heartbeatMs: 5_000,
  maxMissedPongs: 2,
  messageBurst: 1_000,
  messagesPerSecond: 200,
  bytesPerMessage: 4 * 1024,
  maxInvalidMessages: 20,
  invalidWindowMs: 10_000,
  maxBufferedBytes: 1024 * 1024,
  closeTimeoutMs: 2_000,
  updateDelayMs: 50,
};

/**
 * How long a request may take to arrive, whole and its headers, in milliseconds. Phones send little
 * and slow networks exist, but nobody may hold a half-sent request for ever.
 */
export const SOCKET_TIMEOUTS = { requestTimeout: 30_000, headersTimeout: 15_000 } as const;
