/** The built pages, as files. */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import sirv from 'sirv';
import { answer, pathOf, sentencePage } from './http-answer';

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
  const serve = sirv(pagesDir, { etag: true, gzip: true, brotli: true, extensions: ['html'] });
  return (request, response) => {
    // Pages are small: ranges are of no use, and the file server trusts their arithmetic.
    delete request.headers.range;
    // A file may vanish while the server runs (a new build); that ends this answer, not the server.
    response.once('pipe', (source) => {
      source.once('error', (error: Error) => {
        const pathname = pathOf(request.url);
        logger.warn({ pathname, reason: error.message }, 'a page could not be read');
        response.destroy();
      });
    });
    serve(request, response, () => {
      response.setHeader('Cache-Control', 'no-cache');
      answer(request, response, sentencePage(404, 'There is nothing at this address.'));
    });
  };
}
