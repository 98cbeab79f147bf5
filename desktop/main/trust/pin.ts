/** The one root that the server in use has to show. */
import type { ServerState } from '../../bridge/contract';

/** Where a pin holds, and what it asks for. */
export interface Pin {
  readonly kind: ServerState['kind'];
  /** As in a URL: IPv6 in brackets. */
  readonly hostname: string;
  /** As in a URL's `host`: without the usual port. */
  readonly host: string;
  /** SHA-256 of the root, upper-case hex with colons. */
  readonly rootFingerprint: string;
}

/** The pin of a server that is ready; undefined without TLS, and where the system decides. */
export function pinOf(state: ServerState): Pin | undefined {
  if (state.state !== 'ready' || state.rootFingerprint === undefined) return undefined;
  const { protocol, hostname, host } = new URL(state.origin);
  if (protocol !== 'wss:') return undefined;
  return { kind: state.kind, hostname, host, rootFingerprint: state.rootFingerprint };
}

/** Whether an address is the pinned server's, by `wss:` or `https:`. */
export function isPinned(pin: Pin | undefined, address: string): pin is Pin {
  const url = parsed(address);
  if (pin === undefined || url === undefined) return false;
  return (url.protocol === 'wss:' || url.protocol === 'https:') && url.host === pin.host;
}

/** Whether a bare host name of Chromium's certificate check is the pinned server's. */
export function isPinnedHost(pin: Pin | undefined, hostname: string): boolean {
  return pin !== undefined && bare(hostname) === bare(pin.hostname);
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    // Not an address, so not the server's.
    return undefined;
  }
}
