/** The servers of the network, for the page: what is found, and joining one of it. */
import { networkInterfaces } from 'node:os';
import type { FoundServers, UseServerResult } from '../../bridge/contract';
import type { ServerLink } from '../server-link';
import type { TrustedServers } from '../trust/trusted-servers';
import { foundList } from './found-list';
import type { ServerBrowser } from './server-browser';

/** What is needed from outside. */
export interface LanServersOptions {
  link: ServerLink;
  trusted: TrustedServers;
  /** Undefined where looking was switched off. */
  browser: ServerBrowser | undefined;
}

/** See the head of this file. */
export class LanServers {
  readonly #options: LanServersOptions;
  #ownPort: number | undefined;

  constructor(options: LanServersOptions) {
    this.#options = options;
    options.link.onStateChanged((state) => {
      if (state.state !== 'ready') return;
      this.#ownPort = state.kind === 'embedded' ? portOf(state.origin) : undefined;
    });
  }

  /** What the page is told. */
  get found(): FoundServers {
    const { browser, trusted } = this.#options;
    if (browser === undefined) return { isLooking: false, servers: [] };
    return foundList({
      servers: browser.servers,
      ownAddresses: ownAddresses(),
      ownPort: this.#ownPort,
      isTrusted: (fingerprint) => trusted.knows(fingerprint),
    });
  }

  /** Calls back when the list may have changed: the servers, our own one, or the operator's trust. */
  onChanged(listener: (found: FoundServers) => void): void {
    const { browser, link } = this.#options;
    const tell = (): void => listener(this.found);
    browser?.onChanged(tell);
    link.onStateChanged(tell);
  }

  /** Joins a server of the list. */
  use(id: string): Promise<UseServerResult> | UseServerResult {
    const server = this.#options.browser?.servers.find((one) => one.id === id);
    if (server === undefined) {
      return { ok: false, message: 'This server is gone from the network. Choose another one.' };
    }
    const { host, port, isSecure, fingerprint } = server;
    return this.#options.link.useAnnounced({ address: `${host}:${port}`, isSecure, fingerprint });
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
}

function portOf(origin: string): number {
  const { protocol, port } = new URL(origin);
  if (port !== '') return Number(port);
  return protocol === 'wss:' ? 443 : 80;
}
