/** From what a person types as a server's address to where its signaling and health are. */
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';
import type { ServerOrigin } from './server-probe';
import { DEFAULT_PORT } from './command-line';

/** A text that begins with a scheme, such as `https://`. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//iu;

/** Schemes a person may write, and the secure or plain pair each stands for. */
const SCHEMES: Readonly<Record<string, 'secure' | 'plain'>> = {
  'https:': 'secure',
  'wss:': 'secure',
  'http:': 'plain',
  'ws:': 'plain',
};

/** What a person typed, taken apart. */
export interface TypedAddress {
  /** The text without its fragment: this may be shown, logged and remembered. */
  address: string;
  /** What it may mean, the better one first; empty when it is no address. */
  origins: ServerOrigin[];
  /** The key that a link carries. */
  key: string | undefined;
}

/**
 * Reads an address or a whole link. A key without a scheme beside it is for the secure origin
 * alone: whoever keeps that one from answering must not get the key in the clear.
 */
export function readAddress(text: string): TypedAddress {
  const address = text.replace(/#.*$/su, '').trim();
  const key = keyOf(text);
  const origins = originsFor(address);
  const isOpen = key === undefined || SCHEME.test(address);
  return { address, key, origins: isOpen ? origins : origins.slice(0, 1) };
}

/** The key in the fragment of a link, as `#key=…`; undefined where there is none. */
export function keyOf(link: string): string | undefined {
  const fragment = /#(.*)$/su.exec(link)?.[1] ?? '';
  const key = v.safeParse(secretSchema, new URLSearchParams(fragment.trim()).get('key'));
  return key.success ? key.output : undefined;
}

/**
 * Addresses a text may mean, the better one first: `host`, `host:port`, or any link of a server
 * (`http`, `https`, `ws`, `wss`), of which only scheme, host and port count. Without a scheme both
 * the secure and the plain one are meant.
 *
 * @returns an empty list when the text is no address.
 */
export function originsFor(text: string): ServerOrigin[] {
  const trimmed = text.trim();
  const hasScheme = SCHEME.test(trimmed);
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

/**
 * What to remember of an address once a server was found at an origin. One that was found by TLS is
 * never looked for without: whoever blocks TLS later would otherwise take its place.
 */
export function rememberedAddress(address: string, origin: string): string {
  const isOpen = !SCHEME.test(address) && origin.startsWith('wss:');
  return isOpen ? origin.replace(/^wss:/u, 'https:') : address;
}

function portOf(url: URL): string {
  return `:${url.port === '' ? '80' : url.port}`;
}

/** Without the usual port, so that one server has one origin, under which its key is kept. */
function origin(security: 'secure' | 'plain', hostPort: string): ServerOrigin {
  const { origin: http, host } = new URL(
    `${security === 'secure' ? 'https' : 'http'}://${hostPort}`,
  );
  return {
    signaling: `${security === 'secure' ? 'wss' : 'ws'}://${host}`,
    health: `${http}/healthz`,
  };
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
