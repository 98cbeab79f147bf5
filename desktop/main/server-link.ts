/**
 * Which server the console uses, the embedded one or one elsewhere, and how that one is doing.
 * The only owner of the state that the page shows.
 */
import { createNanoEvents } from 'nanoevents';
import type { ServerState, UseServerResult } from '../bridge/contract';
import type { Log } from './log';
import { originsFor } from './server-address';
import type { ServerOrigin } from './server-probe';
import type { SettingsFile } from './settings-file';

/** Time between two tries to reach a remembered server that does not answer. */
const RETRY_MS = 5_000;

/** The part of the embedded server's supervisor that is needed here. */
interface Embedded {
  start(): void;
  retry(): void;
  stop(): Promise<void>;
}

/** What the link needs from outside. */
export interface ServerLinkOptions {
  /** Makes the supervisor; its states are handed to the callback. */
  embedded: (onState: (state: ServerState) => void) => Embedded;
  /** Finds the first origin that answers; see `reachableOrigin`. */
  probe: (origins: ServerOrigin[]) => Promise<string | undefined>;
  settings: SettingsFile;
  log: Log;
}

/** Keeps the console's server: chosen, remembered, watched. */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #embedded: Embedded;
  readonly #emitter = createNanoEvents<{ stateChanged: (state: ServerState) => void }>();
  #kind: ServerState['kind'];
  #state: ServerState;
  /** Counts choices, to notice after an await that another one was made. */
  #choice = 0;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#kind = options.settings.current.server;
    this.#state = { state: 'starting', kind: this.#kind };
    this.#embedded = options.embedded((state) => {
      if (this.#kind === 'embedded') this.#setState(state);
    });
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Address last used for a server elsewhere, as typed; null when there was none. */
  get remoteAddress(): string | null {
    return this.#options.settings.current.remoteAddress ?? null;
  }

  /** Calls back on every change; returns the way to stop. */
  onStateChanged(listener: (state: ServerState) => void): () => void {
    return this.#emitter.on('stateChanged', listener);
  }

  /** Brings up the server that was used last. */
  start(): void {
    const address = this.remoteAddress;
    if (this.#kind === 'remote' && address !== null) {
      void this.#reach(address, ++this.#choice);
    } else {
      this.#useEmbedded();
    }
  }

  /** Goes back to the embedded server; it starts, or starts anew if it had given up. */
  useEmbedded(): UseServerResult {
    this.#options.settings.update({ server: 'embedded' });
    this.#useEmbedded();
    return { ok: true };
  }

  /** Joins a server elsewhere if one answers there. A refusal changes nothing. */
  async useRemote(address: string): Promise<UseServerResult> {
    const origins = originsFor(address);
    if (origins.length === 0) {
      return refusal('This is no address. Write it like 192.168.1.20:8443.');
    }
    const before = this.#choice;
    const origin = await this.#options.probe(origins);
    if (before !== this.#choice) return refusal('Another server was chosen meanwhile.');
    if (origin === undefined) {
      return refusal(
        `No Sightline server answers at ${address}. Check the address, and that the server runs.`,
      );
    }
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    this.#options.settings.update({ server: 'remote', remoteAddress: address });
    this.#kind = 'remote';
    this.#setState({ state: 'ready', kind: 'remote', origin });
    await this.#embedded.stop();
    return { ok: true };
  }

  /** Stops everything; resolves when the embedded server is gone. Calling it again is harmless. */
  async close(): Promise<void> {
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    await this.#embedded.stop();
  }

  #useEmbedded(): void {
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    this.#kind = 'embedded';
    // A supervisor that already runs says nothing new by itself.
    if (this.#state.kind !== 'embedded') this.#setState({ state: 'starting', kind: 'embedded' });
    this.#embedded.retry();
  }

  /** Joins the remembered server as soon as it answers, however long that takes. */
  async #reach(address: string, choice: number): Promise<void> {
    const origin = await this.#options.probe(originsFor(address));
    if (choice !== this.#choice) return;
    if (origin !== undefined) {
      this.#setState({ state: 'ready', kind: 'remote', origin });
      return;
    }
    const message =
      `No Sightline server answers at ${address}; it is being tried again. ` +
      'You can use the built-in server instead.';
    if (this.#state.state !== 'failed') {
      this.#setState({ state: 'failed', kind: 'remote', message });
    }
    this.#retryTimer = setTimeout(() => void this.#reach(address, choice), RETRY_MS);
  }

  #setState(state: ServerState): void {
    this.#state = state;
    this.#options.log.info(`server: ${state.kind} ${state.state}`);
    this.#emitter.emit('stateChanged', state);
  }
}

function refusal(message: string): UseServerResult {
  return { ok: false, message };
}
