/** Every limit of a server in one place. Those that an installation may tune are options. */
import { SOCKET_LIMITS, type SocketLimits } from '../socket-limits';
import type { AddressLimitSettings } from './address-limits';
import type { FailedKeyLimits } from './failed-keys';
import type { HttpLimits } from './http-limits';
import { FAILED_KEY_LIMITS } from './key-refusals';
import type { SignalLimits } from './signal-limits';

/** What anybody may do to a server. */
export interface Limits extends SocketLimits, HttpLimits, AddressLimitSettings, SignalLimits {
  readonly failedKeys: FailedKeyLimits;
}

/**
 * The defaults. A room of a hundred phones may come from one address, all at once after a restart:
 * none of them may meet a limit. A session of each phone for each console is more than any phone
 * can encode.
 */
export const LIMITS: Limits = {
  ...SOCKET_LIMITS,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  handshakeTimeoutMs: 10_000,
  maxHeaderBytes: 8 * 1024,
  maxConnections: 4_000,
  attemptsPerSecond: 50,
  connectionsPerAddress: 500,
  requestsPerSecond: 200,
  socketsPerAddress: 250,
  strangersPerAddress: 100,
  exemptsLoopback: true,
  sessionsPerClient: 100,
  candidatesPerSession: 300,
  failedKeys: FAILED_KEY_LIMITS,
};
