/** STUN and TURN servers as people type them, turned into `RTCConfiguration.iceServers`. */
import type { IceServer } from '../protocol/messages';

const HOST_PORT = String.raw`(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?`;
const STUN = new RegExp(`^(?:(?<scheme>stuns?):)?(?<address>${HOST_PORT})$`, 'iu');
const TURN = new RegExp(
  // The last @ divides: names and addresses hold none, passwords may.
  `^(?<scheme>turns?):(?<user>[^:@]+):(?<password>.+)@(?<address>${HOST_PORT})(?<query>\\?transport=(?:udp|tcp))?$`,
  'iu',
);

/** Reads `stun:host:port`, `stuns:host:port` or `host:port` (RFC 7064); undefined when it is none. */
export function parseStun(text: string): string | undefined {
  const parts = STUN.exec(text)?.groups;
  if (parts?.['address'] === undefined) return undefined;
  return `${(parts['scheme'] ?? 'stun').toLowerCase()}:${parts['address']}`;
}

/**
 * Reads `turn:user:password@host:port?transport=udp` (RFC 7065, with the static credentials in
 * front); undefined when it is none. `%40` and the like stand for themselves in user and password.
 */
export function parseTurn(text: string): IceServer | undefined {
  const parts = TURN.exec(text)?.groups;
  const { scheme, user, password, address, query = '' } = parts ?? {};
  if (scheme === undefined || user === undefined || password === undefined) return undefined;
  const username = decode(user);
  const credential = decode(password);
  if (address === undefined || username === undefined || credential === undefined) return undefined;
  return {
    urls: [`${scheme.toLowerCase()}:${address}${query.toLowerCase()}`],
    username,
    credential,
  };
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
