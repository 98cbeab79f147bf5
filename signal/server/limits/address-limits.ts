/**
 * What each address may do to the server, whoever is behind it. Generous, because a whole building
 * may come from one address; a single machine that runs wild is stopped all the same.
 *
 * This machine itself and trusted proxies that name nobody are exempt from the counts of
 * connections, sockets and requests: behind a proxy everybody comes from there.
 */
import { AddressCounts } from './address-counts';
import { isLoopbackAddress } from './address-group';
import { AddressRates } from './address-rates';
import type { Refusals } from './refusals';

/** What each address may do. */
export interface AddressLimitSettings {
  /** Connections per second that an address may open for ever; ten times that at once. */
  readonly attemptsPerSecond: number;
  /** Open connections of an address, of any kind. */
  readonly connectionsPerAddress: number;
  /** HTTP requests per second that an address may send for ever; ten times that at once. */
  readonly requestsPerSecond: number;
  /** Open WebSockets of an address. */
  readonly socketsPerAddress: number;
  /** Those of them that have not said hello. */
  readonly strangersPerAddress: number;
  /** Whether this machine itself is left out; tests put it in. */
  readonly exemptsLoopback: boolean;
}

/** What a second's worth is multiplied by for a moment: a room that comes back all at once. */
const BURST_SECONDS = 10;

/** A place in the counts. */
export interface ConnectionPlace {
  /** Gives it back. Idempotent. */
  closed(): void;
}

/** A WebSocket's place in the counts. */
export interface SocketPlace extends ConnectionPlace {
  /** It is a client's by now. */
  welcomed(): void;
}

/** Places of one socket or connection. An object, since functions for each would weigh more. */
class Place implements SocketPlace {
  readonly #address: string;
  /** Where it counts; undefined where it does not, or does not any more. */
  #open: AddressCounts | undefined;
  #strangers: AddressCounts | undefined;

  constructor(address: string, open: AddressCounts | undefined, strangers?: AddressCounts) {
    this.#address = address;
    this.#open = open;
    this.#strangers = strangers;
  }

  welcomed(): void {
    this.#strangers?.release(this.#address);
    this.#strangers = undefined;
  }

  closed(): void {
    this.welcomed();
    this.#open?.release(this.#address);
    this.#open = undefined;
  }
}

/** Of whoever is not counted. */
const NO_PLACE: ConnectionPlace = { closed: () => undefined };

/** What address limits need. */
export interface AddressLimitsOptions {
  readonly limits: AddressLimitSettings;
  readonly isTrustedProxy: (address: string) => boolean;
  readonly refusals: Refusals;
}

/** See the head of this file. */
export class AddressLimits {
  readonly #options: AddressLimitsOptions;
  readonly #attempts: AddressRates;
  readonly #requests: AddressRates;
  readonly #connections: AddressCounts;
  readonly #sockets: AddressCounts;
  readonly #strangers: AddressCounts;

  constructor(options: AddressLimitsOptions) {
    const { limits } = options;
    this.#options = options;
    const rates = (perSecond: number) => new AddressRates(perSecond * BURST_SECONDS, perSecond);
    this.#attempts = rates(limits.attemptsPerSecond);
    this.#requests = rates(limits.requestsPerSecond);
    this.#connections = new AddressCounts(limits.connectionsPerAddress);
    this.#sockets = new AddressCounts(limits.socketsPerAddress);
    this.#strangers = new AddressCounts(limits.strangersPerAddress);
  }

  /** Whether this address may open a connection now. */
  mayAttempt(address: string): boolean {
    if (this.#isExempt(address) || this.#attempts.take(address, performance.now())) return true;
    this.#options.refusals.count('attempts');
    return false;
  }

  /** Whether this address may send a request now. */
  mayRequest(address: string): boolean {
    if (this.#isExempt(address) || this.#requests.take(address, performance.now())) return true;
    this.#options.refusals.count('requests');
    return false;
  }

  /** Takes the place of a connection; undefined when the address has none left. */
  openConnection(address: string): ConnectionPlace | undefined {
    if (this.#isExempt(address)) return NO_PLACE;
    if (this.#connections.take(address)) return new Place(address, this.#connections);
    this.#options.refusals.count('connections');
    return undefined;
  }

  /** Takes the place of a WebSocket; undefined when the address has none left. */
  openSocket(address: string): SocketPlace | undefined {
    const { refusals } = this.#options;
    const sockets = this.#isExempt(address) ? undefined : this.#sockets;
    if (sockets?.take(address) === false) {
      refusals.count('sockets');
      return undefined;
    }
    if (this.#strangers.take(address)) return new Place(address, sockets, this.#strangers);
    sockets?.release(address);
    refusals.count('strangers');
    return undefined;
  }

  #isExempt(address: string): boolean {
    const { limits, isTrustedProxy } = this.#options;
    return (limits.exemptsLoopback && isLoopbackAddress(address)) || isTrustedProxy(address);
  }
}
