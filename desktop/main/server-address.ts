/** From what a person types as a server's address to where its signaling and health are. */
import type { ServerOrigin } from './server-probe';
import { DEFAULT_PORT } from './command-line';

/** Schemes a person may write, and the secure or plain pair each stands for. */
const SCHEMES: Readonly<Record<string, 'secure' | 'plain'>> = {
  'https:': 'secure',
  'wss:': 'secure',
  'http:': 'plain',
  'ws:': 'plain',
};

/**
 * Addresses a text may mean, the better one first: `host`, `host:port`, or any link of a server
 * (`http`, `https`, `ws`, `wss`), of which only scheme, host and port count. Without a scheme both
 * the secure and the plain one are meant.
 *
 * @returns an empty list when the text is no address.
 */
export function originsFor(text: string): ServerOrigin[] {
  const trimmed = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed);
  const url = parsed(hasScheme ? trimmed : `http://${trimmed}`);
  if (url === undefined) return [];
  if (hasScheme) {
    const security = SCHEMES[url.protocol];
    return security === undefined ? [] : [origin(security, url.host)];
  }
  // `host:80` parses to no port under http, so look at the text itself.
  const namesPort = /^[^/?#]*:\d+(?:[/?#]|$)/u.test(trimmed);
  const host = namesPort ? url.hostname + portOf(url) : `${url.hostname}:${DEFAULT_PORT}`;
  return [origin('secure', host), origin('plain', host)];
}

function portOf(url: URL): string {
  return `:${url.port === '' ? '80' : url.port}`;
}

function origin(security: 'secure' | 'plain', host: string): ServerOrigin {
  return security === 'secure'
    ? { signaling: `wss://${host}`, health: `https://${host}/healthz` }
    : { signaling: `ws://${host}`, health: `http://${host}/healthz` };
}

function parsed(text: string): URL | undefined {
  try {
    const url = new URL(text);
    const isPlain = url.username === '' && url.password === '' && url.hostname !== '';
    return isPlain ? url : undefined;
  } catch {
    // Not an address; the caller says so to the person who typed it.
    return undefined;
  }
}
