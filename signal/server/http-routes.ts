/** Requests on the main port: the built pages, the health report, and short answers to all else. */
import type { RequestListener } from 'node:http';
import { answer, JSON_TYPE, pathOf, sentencePage } from './http-answer';
import type { RefusalCounts } from './limits/refusals';
import type { ServerMetrics } from './metrics/server-metrics';
import type { ServeFile } from './page-files';
import { pageHeaders } from './page-headers';
import type { Counts } from './registry';
import { isTrustPath, type TrustRoutes } from './tls/trust-routes';
import { hostName, type ReadOrigin } from './trusted-proxies';

/** What `/healthz` reports. */
export interface Health extends Counts {
  readonly status: 'ok' | 'draining';
  readonly version: string;
  readonly uptimeSeconds: number;
  /** What was refused since the start, by reason. */
  readonly refusals: RefusalCounts;
}

/** What the routes need. */
export interface HttpRoutesOptions {
  readonly serveFile: ServeFile;
  readonly health: () => Health;
  /** What `/metrics` answers; undefined where it is switched off. */
  readonly metrics: Pick<ServerMetrics, 'text' | 'contentType'> | undefined;
  readonly readOrigin: ReadOrigin;
  /** Whether browsers should insist on HTTPS from now on. */
  readonly insistsOnTls: boolean;
  /** How phones come to trust our root; undefined where they need not. */
  readonly trust: TrustWay | undefined;
}

/** How phones come to trust our root. */
export interface TrustWay {
  readonly routes: TrustRoutes;
  /** Port of the plain HTTP way in. */
  readonly httpPort: number;
}

/** An `http:` origin as browsers write it: the scheme's own port is left out (RFC 6454, 6.2). */
export function plainOrigin(name: string, port: number): string {
  return port === 80 ? `http://${name}` : `http://${name}:${port}`;
}

/** Makes the listener for a server's requests. */
export function httpRoutes(options: HttpRoutesOptions): RequestListener {
  const { serveFile, health, metrics, readOrigin, insistsOnTls, trust } = options;
  return (request, response) => {
    const pathname = pathOf(request.url);
    const { host, isSecure } = readOrigin(request);
    const headers = pageHeaders({ pathname, host, isSecure, insistsOnTls });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      // Whatever body follows is nobody's: it is not read, and not waited for.
      response.setHeader('Connection', 'close');
      answer(request, response, sentencePage(405, 'This address only answers GET and HEAD.'));
    } else if (pathname === '/healthz') {
      response.setHeader('Cache-Control', 'no-store');
      if (trust !== undefined) {
        response.setHeader('Vary', 'Origin');
        // The page of the way in looks whether the phone trusts this port by now.
        const wayIn = plainOrigin(hostName(host ?? ''), trust.httpPort);
        if (request.headers.origin === wayIn) {
          response.setHeader('Access-Control-Allow-Origin', wayIn);
        }
      }
      const report = health();
      const status = report.status === 'ok' ? 200 : 503;
      answer(request, response, { status, type: JSON_TYPE, body: JSON.stringify(report) });
    } else if (pathname === '/metrics' && metrics !== undefined) {
      response.setHeader('Cache-Control', 'no-store');
      const type = metrics.contentType;
      void metrics.text().then((body) => answer(request, response, { status: 200, type, body }));
    } else if (pathname === '/ws' || pathname.startsWith('/ws/')) {
      response.setHeader('Upgrade', 'websocket');
      answer(request, response, sentencePage(426, 'This address only speaks WebSocket.'));
    } else if (!isTrustPath(pathname)) {
      serveFile(request, response);
    } else if (trust === undefined) {
      const sentence = 'This server has no root of its own, so there is nothing to install.';
      answer(request, response, sentencePage(404, sentence));
    } else {
      trust.routes(request, response);
    }
  };
}
