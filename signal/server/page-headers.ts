/** Headers of everything that is served over HTTP: what a page may load, and for how long it is kept. */
import { isLoopbackHost } from './addresses';

/** A `Host` header fit to be repeated in a policy: a name or IPv4 address, and a port. */
const PLAIN_HOST = /^(?<name>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?$/iu;

/** Files whose names carry a hash of their content. */
const HASHED = /^(?:\/live-streams)?\/assets\//u;

/** Pages that capture. */
const PHONE_PAGE = /^\/(?:mobile-)?stream(?:\.html)?\/?$/u;

/** All headers of an answer, by its path and the request's `Host`. */
export function pageHeaders(pathname: string, host: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Security-Policy': contentSecurityPolicy(host),
    'Permissions-Policy': PHONE_PAGE.test(pathname)
      ? 'camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=()'
      : 'camera=(), microphone=(), geolocation=(), fullscreen=(self)',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': HASHED.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  // On an untrustworthy origin browsers ignore this one, and complain about it on the console.
  if (isLoopbackHost(hostName(host))) headers['Cross-Origin-Opener-Policy'] = 'same-origin';
  return headers;
}

/**
 * Own files only, no inline code. `'self'` covers WebSockets in current browsers; Safari before
 * 15.4 wants them named, which works for names and IPv4 addresses (CSP has no IPv6 sources).
 */
export function contentSecurityPolicy(host: string | undefined): string {
  const sockets = host !== undefined && PLAIN_HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self'${sockets}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hostName(host: string | undefined): string {
  if (host === undefined) return '';
  return host.replace(/:\d{1,5}$/u, '');
}
