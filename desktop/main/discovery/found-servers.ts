/**
 * The servers heard of on the network, as plain data. A server that ends says goodbye; one that
 * vanishes is dropped when it has missed a few sweeps, because its records alone live for hours.
 */
import { isIPv4 } from 'node:net';
import { fromTxt } from '../../../signal/server/discovery/announcement';

/** Most servers kept: whoever floods the network shall not fill the memory. */
const MAX_SERVERS = 64;

/** Sweeps a server may leave unanswered; multicast loses packets, above all on Wi-Fi. */
const MISSED_SWEEPS = 3;

/** An announcement as `bonjour-service` hands it out; anything in it may be missing. */
export interface HeardService {
  fqdn: string;
  port: number;
  txt?: unknown;
  addresses?: string[];
  referer?: { address: string };
}

/** A server that announces itself; none of this is proven. */
export interface FoundServer {
  /** Its name on the network. */
  readonly id: string;
  readonly name: string;
  /** IPv4 address. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** SHA-256 of the root that it announces. */
  readonly fingerprint: string | undefined;
}

/** See the head of this file. Each method answers whether the list has changed. */
export class FoundServers {
  readonly #servers = new Map<string, { server: FoundServer; lastSweep: number }>();
  #sweep = 0;

  /** By name, then by address, so that the list keeps its order. */
  get list(): readonly FoundServer[] {
    return [...this.#servers.values()]
      .map(({ server }) => server)
      .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  }

  /** Takes an announcement; what is none of ours or cannot be reached is ignored. */
  hear(service: HeardService): boolean {
    const id = service.fqdn.toLowerCase();
    const known = this.#servers.get(id);
    const server = serverOf(id, service, known?.server.host);
    if (server === undefined) return false;
    if (known === undefined && this.#servers.size >= MAX_SERVERS) return false;
    this.#servers.set(id, { server, lastSweep: this.#sweep });
    return JSON.stringify(known?.server) !== JSON.stringify(server);
  }

  /** Takes a goodbye. */
  forget({ fqdn }: Pick<HeardService, 'fqdn'>): boolean {
    return this.#servers.delete(fqdn.toLowerCase());
  }

  /** A new round of questions begins: who has been silent for too long is gone. */
  beginSweep(): boolean {
    this.#sweep += 1;
    const before = this.#servers.size;
    for (const [id, { lastSweep }] of this.#servers) {
      if (this.#sweep - lastSweep > MISSED_SWEEPS) this.#servers.delete(id);
    }
    return this.#servers.size !== before;
  }
}

function serverOf(
  id: string,
  { port, txt, addresses = [], referer }: HeardService,
  knownHost: string | undefined,
): FoundServer | undefined {
  const announcement = fromTxt(txt);
  const named = addresses.filter(isIPv4);
  // The address that reached us is one that we can reach; a known one spares a change of address.
  const candidates = [knownHost, referer?.address, ...named];
  const host =
    candidates.find((address) => address !== undefined && named.includes(address)) ??
    referer?.address;
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (announcement === undefined || host === undefined || !isIPv4(host)) return undefined;
  if (!isPort || id.length > 400) return undefined;
  const { name, isSecure, fingerprint } = announcement;
  return { id, name, host, port, isSecure, fingerprint };
}
