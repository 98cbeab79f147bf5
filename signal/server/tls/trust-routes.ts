/**
 * What a phone needs to trust our root: a page that explains, and the root in the forms that
 * phones take. The same on the plain HTTP port, where phones begin, and on the secure one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TrustFacts } from '../../protocol/trust-facts';
import { answer, JSON_TYPE, pathOf, sentencePage } from '../http-answer';
import type { ServeFile } from '../page-files';
import type { RootCertificate } from './certificate-source';
import { rootProfile } from './root-profile';

/** Answers a request for one of the paths of `isTrustPath`. */
export type TrustRoutes = (request: IncomingMessage, response: ServerResponse) => void;

/** What the routes need. */
export interface TrustRoutesOptions {
  readonly root: RootCertificate;
  readonly serverName: string;
  readonly securePort: number;
  readonly httpPort: number;
  /** Whether the page has been built. */
  readonly hasPage: boolean;
  readonly serveFile: ServeFile;
}

const PAGE = /^\/trust(?:\.html|\/)?$/u;
const FACTS = '/trust.json';
const CERTIFICATE = '/sightline-root.crt';
const PROFILE = '/sightline-root.mobileconfig';

/** Whether a path belongs to the way in. */
export function isTrustPath(pathname: string): boolean {
  return PAGE.test(pathname) || [FACTS, CERTIFICATE, PROFILE].includes(pathname);
}

/** Makes the answerer for those paths. */
export function trustRoutes(options: TrustRoutesOptions): TrustRoutes {
  const { root, serverName, securePort, httpPort, hasPage, serveFile } = options;
  const facts: TrustFacts = {
    serverName,
    rootName: root.name,
    rootFingerprint: root.certificate.fingerprint256,
    securePort,
    httpPort,
  };
  return (request, response) => {
    const send = (type: string, body: string): void => {
      // Another server may answer here tomorrow, with another root.
      response.setHeader('Cache-Control', 'no-store');
      answer(request, response, { status: 200, type, body });
    };
    switch (pathOf(request.url)) {
      case FACTS:
        send(JSON_TYPE, JSON.stringify(facts));
        break;
      case CERTIFICATE:
        response.setHeader('Content-Disposition', 'attachment; filename="sightline-root.crt"');
        send('application/x-x509-ca-cert', root.certificate.toString());
        break;
      case PROFILE:
        send('application/x-apple-aspen-config', rootProfile(root));
        break;
      default:
        if (hasPage) serveFile(request, response);
        else answer(request, response, sentencePage(503, NOT_BUILT));
    }
  };
}

const NOT_BUILT =
  'The page that explains how to trust this server is not built. Run "npm run build".';
