/** Announces a server on every network of this machine, follows changes of them, and says goodbye. */
import { randomBytes } from 'node:crypto';
import type { Bonjour } from 'bonjour-service';
import type { Logger } from 'pino';
import { instanceName, SERVICE_TYPE, toTxt, type Announcement } from './announcement';
import { multicastAddresses, openMulticast } from './multicast';

/** Interval of the looks at this machine's networks, in milliseconds. */
const LOOK_INTERVAL_MS = 5_000;

/** Time the goodbye has to leave the machine, in milliseconds: it is one packet a network. */
const GOODBYE_TIMEOUT_MS = 500;

/** What is announced, and where. */
export interface AnnouncerOptions {
  readonly announcement: Announcement;
  readonly port: number;
  /** IPv4 addresses of the networks to announce on; asked again and again. */
  readonly addresses?: () => readonly string[];
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** A server's announcement; it starts at once. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  /** Whoever knows a host by its usual `.local` name must not get two answers, so ours is another. */
  readonly #lot = randomBytes(3).toString('hex');
  readonly #networks = new Map<string, Bonjour>();
  readonly #timer: NodeJS.Timeout;
  #isTroubleTold = false;
  #closed: Promise<void> | undefined;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#follow();
    this.#timer = setInterval(() => this.#follow(), LOOK_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Says goodbye on every network; resolves when that is sent. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    const networks = [...this.#networks.values()];
    this.#networks.clear();
    await Promise.all(networks.map(leave));
  }

  /** Joins networks that are new, and leaves those that are gone. */
  #follow(): void {
    const { addresses = multicastAddresses } = this.#options;
    const present = new Set(addresses());
    for (const [address, bonjour] of this.#networks) {
      if (present.has(address)) continue;
      this.#networks.delete(address);
      void leave(bonjour);
    }
    for (const address of present) {
      if (this.#networks.has(address)) continue;
      try {
        this.#networks.set(address, this.#announce(address));
      } catch (error) {
        this.#tell(address, error instanceof Error ? error.message : String(error));
      }
    }
  }

  #announce(address: string): Bonjour {
    const { announcement, port, logger } = this.#options;
    const bonjour = openMulticast(address, (reason) => this.#tell(address, reason));
    bonjour.publish({
      name: instanceName(announcement.name, this.#lot),
      type: SERVICE_TYPE,
      port,
      host: `sightline-${this.#lot}.local`,
      txt: toTxt(announcement),
      // Its name is drawn by lot, and a conflict would only be printed.
      probe: false,
      disableIPv6: true,
    });
    logger.info({ address }, 'announcing on the network');
    return bonjour;
  }

  /** Once: a network without multicast stays so, and the server serves all the same. */
  #tell(address: string, reason: string): void {
    if (this.#isTroubleTold || this.#closed !== undefined) return;
    this.#isTroubleTold = true;
    this.#options.logger.warn(
      { address, reason },
      'consoles will not find this server by themselves: multicast does not work here',
    );
  }
}

/** Says goodbye and closes the socket; a network that is gone does not hold it up. */
function leave(bonjour: Bonjour): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => bonjour.destroy(resolve), GOODBYE_TIMEOUT_MS);
    bonjour.unpublishAll(() => {
      clearTimeout(timer);
      bonjour.destroy(resolve);
    });
  });
}
