/**
 * How often streams may be put on the wall. Every one of them costs each console a tile and a
 * connection, so a single phone that comes and goes could keep all consoles busy with nothing else.
 */
import { TokenBucket } from '../token-bucket';
import { AddressRates } from './address-rates';

/** What a client may do; see `SocketLimits` and `RegistryLimits`. */
export interface PublishLimits {
  /** Streams that a client may put on the wall at once, over time. */
  readonly publishBurst: number;
  /** Streams per second that it may put there for ever. */
  readonly publishesPerSecond: number;
  /** Streams that fit on the wall. */
  readonly maxStreams: number;
}

/** An address may do at least as much at once as so many clients. */
const CLIENTS_AT_ONCE = 10;

/**
 * And fill the wall so often at once: a room of phones after a restart of the server, each of which
 * is then loaded anew or stopped and started once.
 */
const WALLS_AT_ONCE = 2;

/** And for ever as much as so many. */
const CLIENTS_FOR_EVER = 2;

/** See the head of this file. */
export class PublishRates {
  readonly #limits: PublishLimits;
  readonly #ofAddress: AddressRates;
  /** A client is known by its socket here: it cannot have many of them at a time. */
  readonly #ofClient = new WeakMap<object, TokenBucket>();

  constructor(limits: PublishLimits) {
    const { publishBurst, publishesPerSecond, maxStreams } = limits;
    this.#limits = limits;
    this.#ofAddress = new AddressRates(
      Math.max(publishBurst * CLIENTS_AT_ONCE, maxStreams * WALLS_AT_ONCE),
      publishesPerSecond * CLIENTS_FOR_EVER,
    );
  }

  /**
   * Whether this client may publish once more.
   * @param nowMs - a monotonic time
   */
  take(client: { readonly address: string }, nowMs: number): boolean {
    const { publishBurst, publishesPerSecond } = this.#limits;
    const own =
      this.#ofClient.get(client) ?? new TokenBucket(publishBurst, publishesPerSecond, nowMs);
    this.#ofClient.set(client, own);
    return own.take(1, nowMs) && this.#ofAddress.take(client.address, nowMs);
  }
}
