/** Looks for servers on every network of this machine, by mDNS, for as long as it is open. */
import type { Bonjour, Browser } from 'bonjour-service';
import { createNanoEvents } from 'nanoevents';
import { SERVICE_TYPE } from '../../../signal/server/discovery/announcement';
import { multicastAddresses, openMulticast } from '../../../signal/server/discovery/multicast';
import type { Log } from '../log';
import { FoundServers, type FoundServer } from './found-servers';

/**
 * Interval of the sweeps, in milliseconds. A server that starts is heard at once; sweeps are for
 * those that were missed, that vanished, and for networks that came or went.
 */
const SWEEP_INTERVAL_MS = 15_000;

/** The second question, for an answer to the first that was lost. */
const SECOND_SWEEP_MS = 1_500;

/** What the browser needs from outside. */
export interface ServerBrowserOptions {
  log: Log;
  /** IPv4 addresses of the networks to look on; asked at every sweep. */
  addresses?: () => readonly string[];
}

interface Network {
  readonly bonjour: Bonjour;
  browser: Browser;
}

/** See the head of this file. */
export class ServerBrowser {
  readonly #options: ServerBrowserOptions;
  readonly #found = new FoundServers();
  readonly #networks = new Map<string, Network>();
  readonly #emitter = createNanoEvents<{ changed: () => void }>();
  #timer: NodeJS.Timeout | undefined;
  #isTroubleTold = false;

  constructor(options: ServerBrowserOptions) {
    this.#options = options;
  }

  /** The servers found so far. */
  get servers(): readonly FoundServer[] {
    return this.#found.list;
  }

  /** Calls back on every change; returns the way to stop. */
  onChanged(listener: () => void): () => void {
    return this.#emitter.on('changed', listener);
  }

  /** Begins to look. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#sweep();
    this.#timer = setTimeout(() => {
      this.#sweep();
      this.#timer = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS);
    }, SECOND_SWEEP_MS);
  }

  /** Stops looking and closes the sockets. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { bonjour, browser } of this.#networks.values()) end(bonjour, browser);
    this.#networks.clear();
  }

  #sweep(): void {
    this.#tell(this.#found.beginSweep());
    const { addresses = multicastAddresses } = this.#options;
    const present = new Set(addresses());
    for (const [address, { bonjour, browser }] of this.#networks) {
      if (present.has(address)) continue;
      this.#networks.delete(address);
      end(bonjour, browser);
    }
    for (const address of present) {
      const network = this.#networks.get(address);
      if (network === undefined) {
        const bonjour = openMulticast(address, (reason) => this.#warn(address, reason));
        this.#networks.set(address, { bonjour, browser: this.#browse(bonjour) });
      } else {
        // The library reports a service once; a new browser reports again whoever still answers.
        endBrowser(network.browser);
        network.browser = this.#browse(network.bonjour);
      }
    }
  }

  #browse(bonjour: Bonjour): Browser {
    const browser = bonjour.find({ type: SERVICE_TYPE });
    browser.on('up', (service) => this.#tell(this.#found.hear(service)));
    browser.on('txt-update', (service) => this.#tell(this.#found.hear(service)));
    browser.on('srv-update', (service) => this.#tell(this.#found.hear(service)));
    browser.on('down', (service) => this.#tell(this.#found.forget(service)));
    return browser;
  }

  #tell(hasChanged: boolean): void {
    if (hasChanged) this.#emitter.emit('changed');
  }

  #warn(address: string, reason: string): void {
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#options.log.warn(`servers on the network of ${address} cannot be found: ${reason}`);
  }
}

function end(bonjour: Bonjour, browser: Browser): void {
  endBrowser(browser);
  bonjour.destroy();
}

function endBrowser(browser: Browser): void {
  browser.stop();
  browser.removeAllListeners();
}
