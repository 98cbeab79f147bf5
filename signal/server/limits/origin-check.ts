/**
 * Which pages may open a WebSocket. Browsers let any page on any site try, and say where it comes
 * from; without this look, a web page open on the operator's machine could speak to the server.
 */
import { isIP } from 'node:net';
import { hostName } from '../trusted-proxies';

/** Where Electron serves the console from. */
const DESKTOP_ORIGIN = 'app://sightline';

/** What the server knows of an upgrade request. */
export interface OriginQuestion {
  /** The `Origin` header; only browsers send one, so without it there is nothing to check. */
  readonly origin: string | undefined;
  /** The host that was asked for, by the request or by a trusted proxy's word. */
  readonly host: string | undefined;
  /** Plain HTTP port whose pages look whether this server is trusted by now; undefined without. */
  readonly wayInPort: number | undefined;
  /** Origins that the operator has named. */
  readonly allowed: readonly string[];
  /**
   * Whether only hosts count that nobody else can name: where no key protects the room, a page of
   * another site could have its own name lead to this server (DNS rebinding).
   */
  readonly mistrustsNames: boolean;
}

/** Whether this page is one of our own. */
export function isOwnOrigin(question: OriginQuestion): boolean {
  const { origin, host, wayInPort, allowed, mistrustsNames } = question;
  if (origin === undefined || origin === DESKTOP_ORIGIN || allowed.includes(origin)) return true;
  if (host === undefined || !/^https?:\/\//u.test(origin)) return false;
  const page = parse(origin);
  if (page === undefined) return false;
  if (mistrustsNames && !isLocalHost(page.hostname)) return false;
  // As the browser writes it: without the scheme's own port, which some proxies add to the host.
  if (parse(`${page.protocol}//${host}`)?.host === page.host) return true;
  const wayIn = parse(`http://${hostName(host)}:${wayInPort ?? 0}`);
  return wayInPort !== undefined && wayIn?.origin === page.origin;
}

/** An origin as people type it, as browsers write it; undefined when it is none. */
export function parseOrigin(text: string): string | undefined {
  const url = /^https?:\/\//iu.test(text) ? parse(text) : undefined;
  // Nothing but an origin: no user, path, query or fragment, which would be overlooked.
  if (url?.href !== `${url?.origin ?? ''}/`) return undefined;
  return url.origin;
}

/** An address, or a name that no public DNS can give away (RFC 6761, RFC 6762, or a single label). */
function isLocalHost(hostname: string): boolean {
  if (isIP(hostname.replace(/^\[(?<address>.*)\]$/u, '$<address>')) !== 0) return true;
  return !hostname.includes('.') || /\.(?:local|localhost)$/u.test(hostname);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // No address at all; `URL.canParse` is missing in Node 18.15.
    return undefined;
  }
}
