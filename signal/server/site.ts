/** The addresses of a running server, read anew each time: networks and certificates change. */
import { networkInterfaces } from 'node:os';
import type { JoinAddress } from '../protocol/messages';
import {
  isLoopbackHost,
  joinAddresses,
  keyFragment,
  serverUrls,
  type Binding,
  type Keys,
  type ServerUrls,
} from './addresses';
import type { CertificateSource } from './tls/certificate-source';

/** What a site is made of, once its ports are open. */
export interface SiteFacts {
  /** As configured: an address, a name, or a wildcard. */
  readonly host: string;
  readonly port: number;
  readonly certificates: CertificateSource | undefined;
  /** Port of the plain HTTP way in; undefined without TLS. */
  readonly httpPort: number | undefined;
  /** Reads the keys that links carry. */
  readonly keys: () => Keys;
  /** Reads the machine's networks. */
  readonly interfaces?: typeof networkInterfaces | undefined;
}

/** See the head of this file. */
export class Site {
  readonly #facts: SiteFacts;

  constructor(facts: SiteFacts) {
    this.#facts = facts;
  }

  /** URLs of everything that is served, with the keys of their links. */
  get urls(): ServerUrls {
    return serverUrls(this.#binding, this.#interfaces, this.#facts.keys());
  }

  /** Host of a URL, brackets and all, at which phones best find this server. */
  get bestHost(): string {
    const [best] = joinAddresses(this.#binding, this.#interfaces, undefined);
    return best === undefined ? 'localhost' : new URL(best.url).hostname;
  }

  /**
   * Where phones join.
   * @param publicOrigin - where a trusted proxy says that the client came to: phones go there too
   */
  joinAddresses(publicOrigin: string | undefined): JoinAddress[] {
    const keys = this.#facts.keys();
    if (publicOrigin === undefined) return joinAddresses(this.#binding, this.#interfaces, keys);
    const { protocol, hostname } = new URL(publicOrigin);
    const isLoopback = isLoopbackHost(hostname);
    return [
      {
        url: `${publicOrigin}/stream${keyFragment(keys?.phone)}`,
        network: isLoopback ? 'this-machine' : 'lan',
        cameraAllowed: isLoopback || protocol === 'https:',
      },
    ];
  }

  get #interfaces(): ReturnType<typeof networkInterfaces> {
    return (this.#facts.interfaces ?? networkInterfaces)();
  }

  get #binding(): Binding {
    const { host, port, certificates, httpPort } = this.#facts;
    if (certificates === undefined) return { host, port };
    return {
      host,
      port,
      tls: {
        names: certificates.names,
        covers: (name) => certificates.covers(name),
        trustPort: certificates.root === undefined ? undefined : httpPort,
      },
    };
  }
}
