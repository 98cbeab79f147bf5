/** How long and how large a connection may be before it is a request. */
import type { Server, ServerOptions } from 'node:http';

/** Limits of connections and requests. */
export interface HttpLimits {
  /** Time that the headers of a request may take, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** Time that a whole request may take, in milliseconds; never less than its headers. */
  readonly requestTimeoutMs: number;
  /** Time that a TLS handshake may take, in milliseconds. */
  readonly handshakeTimeoutMs: number;
  /** All headers of a request, in bytes. Our own pages send less than one KiB. */
  readonly maxHeaderBytes: number;
  /** Open connections of a port, of all addresses together. */
  readonly maxConnections: number;
}

/** More headers than browsers and proxies send; each is parsed into memory. */
const MAX_HEADERS = 64;

/** Shortest and longest interval of the looks at slow requests, in milliseconds. */
const LOOK_MS = { shortest: 20, longest: 1_000 } as const;

/**
 * Options of a plain or TLS server by these limits. Node looks for slow requests at intervals, by
 * default of 30 s; a time-out can be exceeded by one interval.
 */
export function httpServerOptions(limits: HttpLimits): ServerOptions {
  const { headersTimeoutMs, requestTimeoutMs, maxHeaderBytes } = limits;
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(headersTimeoutMs, requestTimeoutMs),
    connectionsCheckingInterval: Math.min(
      LOOK_MS.longest,
      Math.max(LOOK_MS.shortest, headersTimeoutMs / 4),
    ),
    maxHeaderSize: maxHeaderBytes,
  };
}

/** What `ServerOptions` has no word for. */
export function limitServer(
  server: Pick<Server, 'maxHeadersCount' | 'maxConnections' | 'timeout'>,
  { maxConnections, requestTimeoutMs }: HttpLimits,
): void {
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = maxConnections;
  // Whoever does not take its answer is let go; WebSockets have a heartbeat of their own.
  server.timeout = requestTimeoutMs;
}
