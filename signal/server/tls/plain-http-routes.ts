/**
 * The plain HTTP port beside a TLS server: the way in for phones that do not trust our root yet,
 * and for all else the way to HTTPS. No page that captures is ever served here.
 */
import type { RequestListener } from 'node:http';
import { answer, pathOf, sentencePage } from '../http-answer';
import type { ServeFile } from '../page-files';
import { pageHeaders } from '../page-headers';
import { hostName, type ReadOrigin } from '../trusted-proxies';
import { isTrustPath, type TrustRoutes } from './trust-routes';

/** Files of the page of the way in: its own, and the icons that all pages share. */
const PAGE_FILE = /^\/(?:assets\/trust-|icons\/)/u;

/** What the routes need. */
export interface PlainHttpRoutesOptions {
  /** How phones come to trust our root; undefined where they need not. */
  readonly trustRoutes: TrustRoutes | undefined;
  readonly serveFile: ServeFile;
  readonly securePort: number;
  /** Host of a URL to send those to who named none that is fit to be repeated. */
  readonly fallbackHost: () => string;
  readonly readOrigin: ReadOrigin;
}

/** Makes the listener for the requests of that port. */
export function plainHttpRoutes(options: PlainHttpRoutesOptions): RequestListener {
  const { trustRoutes, serveFile, securePort, fallbackHost, readOrigin } = options;
  return (request, response) => {
    const pathname = pathOf(request.url);
    const { host } = readOrigin(request);
    const headers = pageHeaders({ pathname, host, isSecure: false, probedPort: securePort });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && trustRoutes !== undefined && isTrustPath(pathname)) {
      trustRoutes(request, response);
    } else if (isRead && trustRoutes !== undefined && PAGE_FILE.test(pathname)) {
      serveFile(request, response);
    } else {
      const name = host === undefined ? fallbackHost() : hostName(host);
      response.setHeader('Location', `https://${name}:${securePort}${originForm(request.url)}`);
      // Browsers keep a 308 for ever unless told; ports and modes change.
      response.setHeader('Cache-Control', 'no-store');
      answer(request, response, sentencePage(308, 'This page is served over HTTPS.'));
    }
  };
}

/** A request target as a path; anything else (a proxy's absolute form) leads to the first page. */
function originForm(target: string | undefined): string {
  return target?.startsWith('/') === true ? target : '/';
}
