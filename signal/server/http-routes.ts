/** Plain HTTP requests: the built pages, the health report, and short answers to all else. */
import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import sirv from 'sirv';
import { pageHeaders } from './page-headers';
import type { Counts } from './registry';

/** What `/healthz` reports. */
export interface Health extends Counts {
  readonly status: 'ok' | 'draining';
  readonly version: string;
  readonly uptimeSeconds: number;
}

/** What the routes need. */
export interface HttpRoutesOptions {
  /** Folder of the built pages. */
  readonly pagesDir: string;
  readonly health: () => Health;
  readonly logger: Logger;
}

/** Makes the listener for a server's requests. */
export function httpRoutes({ pagesDir, health, logger }: HttpRoutesOptions): RequestListener {
  const servePages = existsSync(pagesDir)
    ? sirv(pagesDir, { etag: true, gzip: true, brotli: true, extensions: ['html'] })
    : undefined;
  if (servePages === undefined) {
    logger.warn({ pagesDir }, 'no pages to serve: build them with "npm run build"');
  }

  return (request, response) => {
    const pathname = pathOf(request.url);
    for (const [name, value] of Object.entries(pageHeaders(pathname, request.headers.host))) {
      response.setHeader(name, value);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      answer(request, response, 405, page('This address only answers GET and HEAD.'));
    } else if (pathname === '/healthz') {
      response.setHeader('Cache-Control', 'no-store');
      const report = health();
      answer(request, response, report.status === 'ok' ? 200 : 503, JSON.stringify(report), 'json');
    } else if (pathname === '/ws' || pathname.startsWith('/ws/')) {
      response.setHeader('Upgrade', 'websocket');
      answer(request, response, 426, page('This address only speaks WebSocket.'));
    } else if (servePages === undefined) {
      answer(request, response, 503, page('The pages are not built. Run "npm run build".'));
    } else {
      // Pages are small: ranges are of no use, and the file server trusts their arithmetic.
      delete request.headers.range;
      // A file may vanish while the server runs (a new build); that ends this answer, not the server.
      response.once('pipe', (source) => {
        source.once('error', (error: Error) => {
          logger.warn({ pathname, reason: error.message }, 'a page could not be read');
          response.destroy();
        });
      });
      servePages(request, response, () => {
        response.setHeader('Cache-Control', 'no-cache');
        answer(request, response, 404, page('There is nothing at this address.'));
      });
    }
  };
}

/** Path of a request target, without its query. */
export function pathOf(target: string | undefined): string {
  const [pathname = '/'] = (target ?? '/').split('?', 1);
  return pathname;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  type: 'html' | 'json' = 'html',
): void {
  response.statusCode = status;
  response.setHeader(
    'Content-Type',
    type === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
  );
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A small page that says one thing and shows the way home. */
function page(sentence: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Sightline</title>',
    `<p>${sentence.replaceAll('"', '&quot;')}</p>`,
    '<p><a href="/">Sightline</a></p>',
    '</html>',
    '',
  ].join('\n');
}
