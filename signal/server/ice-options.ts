/** STUN and TURN servers as people type them, turned into `RTCConfiguration.iceServers`. */
import type { IceServer } from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';
import type { TurnRest } from './turn-credentials';

const HOST_PORT = String.raw`(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?`;
const STUN = new RegExp(`^(?:(?<scheme>stuns?):)?(?<address>${HOST_PORT})$`, 'iu');
const QUERY = String.raw`(?<query>\?transport=(?:udp|tcp))?`;
const BARE_TURN = new RegExp(`^(?<scheme>turns?):(?<address>${HOST_PORT})${QUERY}$`, 'iu');
const TURN = new RegExp(
  // The last @ divides: names and addresses hold none, passwords may.
  `^(?<scheme>turns?):(?<user>[^:@]+):(?<password>.+)@(?<address>${HOST_PORT})${QUERY}$`,
  'iu',
);

/** Reads `stun:host:port`, `stuns:host:port` or `host:port` (RFC 7064); undefined when it is none. */
export function parseStun(text: string): string | undefined {
  const parts = STUN.exec(text)?.groups;
  if (parts?.['address'] === undefined) return undefined;
  return `${(parts['scheme'] ?? 'stun').toLowerCase()}:${parts['address']}`;
}

/** ICE servers as the options ask for them. */
export interface IceSettings {
  /** The same for every client. */
  readonly iceServers: readonly IceServer[];
  /** TURN servers whose credentials are made for each client. */
  readonly turnRest: TurnRest | undefined;
}

/**
 * Puts the options together; fails with a sentence that names the one that does not fit the rest.
 * @param turn - as `parseTurn` read them
 */
export function iceSettings(
  stun: readonly string[],
  turn: readonly IceServer[],
  secret: string | undefined,
): Result<IceSettings, string> {
  const stunServers = stun.length === 0 ? [] : [{ urls: [...stun] }];
  if (secret === undefined) {
    if (turn.some(({ username }) => username === undefined)) {
      return fail('--turn needs user:password@ before its host, or else --turn-secret.');
    }
    return ok({ iceServers: [...stunServers, ...turn], turnRest: undefined });
  }
  if (turn.length === 0) return fail('--turn-secret needs --turn, the server it is shared with.');
  if (turn.some(({ username }) => username !== undefined)) {
    return fail('--turn-secret makes the credentials: leave user:password@ out of --turn.');
  }
  const urls = turn.flatMap((server) => server.urls);
  return ok({ iceServers: stunServers, turnRest: { urls, secret } });
}

/**
 * Reads `turn:host:port?transport=udp` (RFC 7065), or the same with static credentials in front,
 * `turn:user:password@host:port`; undefined when it is neither. `%40` and the like stand for
 * themselves in user and password.
 */
export function parseTurn(text: string): IceServer | undefined {
  const parts = (TURN.exec(text) ?? BARE_TURN.exec(text))?.groups;
  const { scheme, user, password, address, query = '' } = parts ?? {};
  if (scheme === undefined || address === undefined) return undefined;
  const urls = [`${scheme.toLowerCase()}:${address}${query.toLowerCase()}`];
  if (user === undefined || password === undefined) return { urls };
  const username = decode(user);
  const credential = decode(password);
  if (username === undefined || credential === undefined) return undefined;
  return { urls, username, credential };
}

/** A list separated by commas or spaces, as environment variables hold it. */
export function splitList(text: string): string[] {
  return text.split(/[\s,]+/u).filter((item) => item !== '');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the caller names the option.
    return undefined;
  }
}
