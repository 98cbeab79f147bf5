/** Answers requests for the built pages: encodings, validators and ranges (RFC 9110). */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { readRange } from './byte-range';
import { answer, pathOf, sentencePage } from './http-answer';
import { PageStore, type Page, type PageVariant } from './page-store';

/** Answers a request with a file, or with a page that says that there is none. */
export type ServeFile = (request: IncomingMessage, response: ServerResponse) => void;

/** Makes the answerer for a folder of built pages. */
export function pageFiles(pagesDir: string, logger: Logger): ServeFile {
  if (!existsSync(pagesDir)) {
    logger.warn({ pagesDir }, 'no pages to serve: build them with "npm run build"');
    return (request, response) => {
      answer(request, response, sentencePage(503, 'The pages are not built. Run "npm run build".'));
    };
  }
  const store = new PageStore(pagesDir);
  return (request, response) => {
    const page = store.find(pathOf(request.url));
    if (page !== undefined) {
      sendPage(request, response, page);
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    answer(request, response, sentencePage(404, 'There is nothing at this address.'));
  };
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { headers, method } = request;
  const { variant, encoding } = choose(page, headers['accept-encoding']);
  const { body, etag } = variant;
  response.setHeader('ETag', etag);
  if (page.br !== undefined || page.gzip !== undefined)
    response.setHeader('Vary', 'Accept-Encoding');
  if (isListed(etag, headers['if-none-match'])) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Accept-Ranges', 'bytes');
  // A range is for GET alone, and of a file that has changed since it was begun not for anybody.
  const ifRange = headers['if-range'];
  const isHeeded = method === 'GET' && (ifRange === undefined || ifRange === etag);
  const range = isHeeded ? readRange(headers.range, body.length) : undefined;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${body.length}`);
    response.setHeader('Content-Length', 0);
    response.writeHead(416).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: body.length };
  response.setHeader('Content-Type', page.type);
  response.setHeader('Content-Length', end - start);
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  if (range !== undefined) {
    response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${body.length}`);
  }
  response.writeHead(range === undefined ? 200 : 206);
  response.end(method === 'HEAD' ? undefined : body.subarray(start, end));
}

interface Chosen {
  readonly variant: PageVariant;
  /** The `Content-Encoding`; undefined where it is as it was written. */
  readonly encoding: string | undefined;
}

/** The smallest that the browser takes. */
function choose({ plain, br, gzip }: Page, header: string | string[] | undefined): Chosen {
  if (br !== undefined && takes('br', header)) return { variant: br, encoding: 'br' };
  if (gzip !== undefined && takes('gzip', header)) return { variant: gzip, encoding: 'gzip' };
  return { variant: plain, encoding: undefined };
}

function takes(encoding: string, header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .map((item) => item.split(';').map((part) => part.trim().toLowerCase()))
    .some(([name, weight]) => name === encoding && !/^q=0(?:\.0*)?$/u.test(weight ?? ''));
}

/** Whether a client has this very content, by weak comparison (RFC 9110 section 13.1.2). */
function isListed(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const listed = header.split(',').map((item) => item.trim().replace(/^W\//u, ''));
  return listed.includes(etag) || listed.includes('*');
}
