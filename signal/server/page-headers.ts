/** Headers of everything that is served over HTTP: what a page may load, and for how long it is kept. */
import { isLoopbackHost } from './addresses';
import { hostName } from './trusted-proxies';

/** A host that can stand in a policy: a name or IPv4 address, maybe a port; CSP has no IPv6. */
const POLICY_HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/iu;

/** Files whose names carry a hash of their content. */
const HASHED = /^(?:\/live-streams)?\/assets\//u;

/** Pages that capture. */
const PHONE_PAGE = /^\/(?:mobile-)?stream(?:\.html)?\/?$/u;

/**
 * A month: long enough to outlast a week without a visit, short enough to get rid of. It holds for
 * every port of the host name.
 */
const HSTS = 'max-age=2592000';

/** What the headers of an answer depend on. */
export interface PageRequest {
  readonly pathname: string;
  /** The host that was asked for, fit to be repeated. */
  readonly host: string | undefined;
  /** Whether the browser came by HTTPS. */
  readonly isSecure: boolean;
  /**
   * Whether browsers should insist on HTTPS from now on. Never with a root of our own: a phone
   * that does not trust it must be able to come back by plain HTTP.
   */
  readonly insistsOnTls?: boolean;
  /** Port of the HTTPS server that a page served over plain HTTP may try. */
  readonly probedPort?: number;
}

/** All headers of an answer. */
export function pageHeaders(request: PageRequest): Record<string, string> {
  const { pathname, host, isSecure, insistsOnTls = false } = request;
  const headers: Record<string, string> = {
    'Content-Security-Policy': contentSecurityPolicy(request),
    'Permissions-Policy': PHONE_PAGE.test(pathname)
      ? 'camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=()'
      : 'camera=(), microphone=(), geolocation=(), fullscreen=(self)',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': HASHED.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  // On an untrustworthy origin browsers ignore this one, and complain about it on the console.
  if (isSecure || isLoopbackHost(hostName(host ?? ''))) {
    headers['Cross-Origin-Opener-Policy'] = 'same-origin';
  }
  if (insistsOnTls) headers['Strict-Transport-Security'] = HSTS;
  return headers;
}

/**
 * Own files only, no inline code. `'self'` covers WebSockets in current browsers; Safari before
 * 15.4 wants them named, which works for names and IPv4 addresses (CSP has no IPv6 sources).
 */
export function contentSecurityPolicy({
  host,
  probedPort,
  pathname = '/',
}: Pick<PageRequest, 'host' | 'probedPort'> & Partial<Pick<PageRequest, 'pathname'>>): string {
  const named = host !== undefined && POLICY_HOST.test(host);
  const sockets = named ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self'${sockets}${probedPort === undefined ? '' : probed(host, probedPort)}`,
    // On iOS a phone page makes up a manifest that carries its key, which no server may see.
    `manifest-src 'self'${PHONE_PAGE.test(pathname) ? ' data:' : ''}`,
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The HTTPS server of the same host; by IPv6 it cannot be named, so all of them. */
function probed(host: string | undefined, port: number): string {
  if (host === undefined || !POLICY_HOST.test(host)) return ' https: wss:';
  const name = hostName(host);
  return ` https://${name}:${port} wss://${name}:${port}`;
}
