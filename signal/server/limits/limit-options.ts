/** The limits that an installation may tune, as options of the command line. */
import { fail, ok, type Result } from '../../protocol/result';
import { LIMITS, type Limits } from './limits';

const KIB = 1024;
const SECOND_MS = 1000;

/** How many seconds' worth a client may send at once. */
const BURST_SECONDS = 5;

/**
 * An option that takes a number. Its bounds see to it that a slip of the finger neither shuts
 * everybody out nor takes the limit away.
 */
function number(help: string, [min, max]: readonly [number, number], byDefault: number) {
  return {
    kind: 'value',
    placeholder: 'number',
    help: `${help} (default ${byDefault})`,
    expects: `a whole number from ${min} to ${max}`,
    min,
    max,
    byDefault,
  } as const;
}

/** What the table of all options takes over. */
export const LIMIT_OPTIONS = {
  'max-attempts': number(
    'connections of an address per second, ten times that at once',
    [1, 100_000],
    LIMITS.attemptsPerSecond,
  ),
  'max-connections': number(
    'connections of any kind that an address may hold open',
    [4, 100_000],
    LIMITS.connectionsPerAddress,
  ),
  'max-requests': number(
    'HTTP requests of an address per second, ten times that at once',
    [10, 100_000],
    LIMITS.requestsPerSecond,
  ),
  'max-sockets': number(
    'phones and consoles of one address at once',
    [1, 100_000],
    LIMITS.socketsPerAddress,
  ),
  'max-strangers': number(
    'sockets of an address that have not said hello',
    [1, 100_000],
    LIMITS.strangersPerAddress,
  ),
  'max-failed-keys': number(
    'wrong keys of an address that may wait for their answer',
    [1, 1_000],
    LIMITS.failedKeys.maxPending,
  ),
  'max-messages': number(
    `messages of a client per second, ${BURST_SECONDS} times that at once`,
    [20, 100_000],
    LIMITS.messagesPerSecond,
  ),
  'max-kib': number(
    `KiB of a client per second, ${BURST_SECONDS} times that at once`,
    [64, 100_000],
    LIMITS.bytesPerSecond / KIB,
  ),
  'max-backlog': number(
    'KiB that may wait for a client that reads slowly',
    [256, 100_000],
    LIMITS.maxBufferedBytes / KIB,
  ),
  'max-sessions': number(
    'streams that a console may watch, and viewers that a phone may have',
    [1, 10_000],
    LIMITS.sessionsPerClient,
  ),
  'max-candidates': number(
    'ICE candidates that may follow one offer or answer',
    [20, 100_000],
    LIMITS.candidatesPerSession,
  ),
  'hello-timeout': number(
    'seconds that a socket has to say hello',
    [1, 600],
    LIMITS.helloTimeoutMs / SECOND_MS,
  ),
  'header-timeout': number(
    'seconds for the headers of a request; all of it may take twice that',
    [1, 600],
    LIMITS.headersTimeoutMs / SECOND_MS,
  ),
  'handshake-timeout': number(
    'seconds for a TLS handshake',
    [1, 600],
    LIMITS.handshakeTimeoutMs / SECOND_MS,
  ),
} as const;

type LimitName = keyof typeof LIMIT_OPTIONS;

/**
 * Reads the limits.
 * @param given - values by the options' long names; others are left alone
 * @returns the limits, or the name of the option that is wrong
 */
export function readLimits(given: Readonly<Record<string, unknown>>): Result<Limits, string> {
  for (const [name, { min, max }] of Object.entries(LIMIT_OPTIONS)) {
    const value = given[name];
    const isGood = typeof value === 'string' && /^\d{1,6}$/u.test(value);
    if (value === undefined || (isGood && Number(value) >= min && Number(value) <= max)) continue;
    return fail(name);
  }
  const read = (name: LimitName): number => Number(given[name] ?? LIMIT_OPTIONS[name].byDefault);
  const messagesPerSecond = read('max-messages');
  const bytesPerSecond = read('max-kib') * KIB;
  const headersTimeoutMs = read('header-timeout') * SECOND_MS;
  return ok({
    ...LIMITS,
    attemptsPerSecond: read('max-attempts'),
    connectionsPerAddress: read('max-connections'),
    requestsPerSecond: read('max-requests'),
    socketsPerAddress: read('max-sockets'),
    strangersPerAddress: read('max-strangers'),
    failedKeys: { ...LIMITS.failedKeys, maxPending: read('max-failed-keys') },
    messagesPerSecond,
    messageBurst: messagesPerSecond * BURST_SECONDS,
    bytesPerSecond,
    byteBurst: bytesPerSecond * BURST_SECONDS,
    maxBufferedBytes: read('max-backlog') * KIB,
    sessionsPerClient: read('max-sessions'),
    candidatesPerSession: read('max-candidates'),
    helloTimeoutMs: read('hello-timeout') * SECOND_MS,
    headersTimeoutMs,
    requestTimeoutMs: headersTimeoutMs * 2,
    handshakeTimeoutMs: read('handshake-timeout') * SECOND_MS,
  });
}
