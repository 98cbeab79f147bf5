/**
 * Which server the console uses, the embedded one or one elsewhere, and how that one is doing.
 * The only owner of the state that the page shows.
 */
import { createNanoEvents } from 'nanoevents';
import type { KeptKey, ServerState, TrustDecision, UseServerResult } from '../bridge/contract';
import type { Log } from './log';
import { originsFor, readAddress, rememberedAddress } from './server-address';
import type { ServerKeys } from './server-keys';
import type { SettingsFile } from './settings-file';
import type { Finding, Wanted } from './trust/find-server';
import { pinOf, type Pin } from './trust/pin';

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
  /** Finds a server and decides whether it may be joined; see `findServer`. */
  find: (wanted: Wanted) => Promise<Finding>;
  settings: SettingsFile;
  /** Keys of servers elsewhere; the embedded one tells its own. */
  keys: Pick<ServerKeys, 'keyAt' | 'keep'>;
  log: Log;
}

/** Keeps the console's server: chosen, remembered, watched. */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #embedded: Embedded;
  readonly #emitter = createNanoEvents<{ stateChanged: (state: ServerState) => void }>();
  #kind: ServerState['kind'];
  #state: ServerState;
  #pin: Pin | undefined;
  /** Counts choices, to notice after an await that another one was made. */
  #choice = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  /** Key of a link whose server the operator has to vouch for first. */
  #heldKey: { address: string; key: string } | undefined;
  /** Key of a link that was joined by; kept once the page says that the server has taken it. */
  #unprovenKey: { origin: string; key: string } | undefined;

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

  /**
   * The root that the server in use has to show, and where. It stays while that server is down or
   * starting again; undefined where the system decides.
   */
  get pin(): Pin | undefined {
    return this.#pin;
  }

  /**
   * Address last used for a server elsewhere, without a key: as typed, or by `https:` where it was
   * found by TLS. Null when there was none.
   */
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

  /** Joins a server elsewhere if one answers there that may be trusted. A refusal changes nothing. */
  async useRemote(text: string): Promise<UseServerResult> {
    const { address, origins, key } = readAddress(text);
    this.#heldKey = key === undefined ? undefined : { address, key };
    return this.#join({ address, origins }, key);
  }

  /** Joins a server whose root the operator has just compared, and trusts that root there. */
  async trustRemote({ address, fingerprint }: TrustDecision): Promise<UseServerResult> {
    const key = this.#heldKey?.address === address ? this.#heldKey.key : undefined;
    // By TLS alone: there is nothing to confirm without, and the key must not go out in the clear.
    const origins = originsFor(address).filter(({ signaling }) => signaling.startsWith('wss:'));
    return this.#join({ address, origins, confirmed: fingerprint }, key);
  }

  /** Joins a server that announces itself: only if it holds the certificate that it announces. */
  async useAnnounced(announcement: {
    address: string;
    isSecure: boolean;
    fingerprint: string | undefined;
  }): Promise<UseServerResult> {
    const { address, isSecure, fingerprint } = announcement;
    const origins = originsFor(isSecure ? `https://${address}` : address);
    return this.#join({ address, origins, announced: isSecure ? fingerprint : undefined });
  }

  /**
   * Keeps the key that the server in use has taken; false when it is not the one in use any more. Nothing is
   * announced: the page that says so has the key.
   */
  keepKey({ origin, key }: KeptKey): boolean {
    if (this.#state.state !== 'ready' || this.#state.origin !== origin) return false;
    // The embedded server keeps its keys itself, and tells them when it starts.
    const { keys } = this.#options;
    if (this.#kind === 'remote' && keys.keyAt(origin) !== key) keys.keep(origin, key);
    this.#unprovenKey = undefined;
    this.#state = { ...this.#state, key };
    return true;
  }

  /**
   * Looks anew at a server elsewhere whose certificate was refused while it was in use, and says
   * what is wrong with it.
   */
  recheck(): void {
    const address = this.remoteAddress;
    if (this.#kind !== 'remote' || this.#state.state !== 'ready' || address === null) return;
    this.#setState({ state: 'starting', kind: 'remote' });
    void this.#reach(address, ++this.#choice);
  }

  /** Stops everything; resolves when the embedded server is gone. Calling it again is harmless. */
  async close(): Promise<void> {
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    await this.#embedded.stop();
  }

  async #join(wanted: Wanted, key?: string): Promise<UseServerResult> {
    if (wanted.origins.length === 0) {
      return refusal('This is no address. Write it like 192.168.1.20:8443.');
    }
    const before = this.#choice;
    const finding = await this.#options.find(wanted);
    if (before !== this.#choice) return refusal('Another server was chosen meanwhile.');
    if (!finding.isFound) {
      const { message, trust } = finding;
      return { ok: false, message, ...(trust === undefined ? {} : { trust }) };
    }
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    const remoteAddress = rememberedAddress(wanted.address, finding.origin);
    this.#options.settings.update({ server: 'remote', remoteAddress });
    this.#kind = 'remote';
    this.#heldKey = undefined;
    this.#unprovenKey = key === undefined ? undefined : { origin: finding.origin, key };
    this.#setState(this.#readyState(finding));
    await this.#embedded.stop();
    return { ok: true };
  }

  #useEmbedded(): void {
    this.#choice += 1;
    clearTimeout(this.#retryTimer);
    this.#kind = 'embedded';
    this.#unprovenKey = undefined;
    // A supervisor that already runs says nothing new by itself.
    if (this.#state.kind !== 'embedded') this.#setState({ state: 'starting', kind: 'embedded' });
    this.#embedded.retry();
  }

  /** Joins the remembered server as soon as it answers, however long that takes. */
  async #reach(address: string, choice: number): Promise<void> {
    const finding = await this.#options.find({ address, origins: originsFor(address) });
    if (choice !== this.#choice) return;
    if (finding.isFound) {
      const remoteAddress = rememberedAddress(address, finding.origin);
      if (remoteAddress !== address) this.#options.settings.update({ remoteAddress });
      this.#setState(this.#readyState(finding));
      return;
    }
    const { trust } = finding;
    const message = `${finding.message} It is being tried again; you can also use the built-in server.`;
    const failed: ServerState = {
      state: 'failed',
      kind: 'remote',
      message,
      ...(trust === undefined ? {} : { trust }),
    };
    const shown = this.#state;
    if (shown.state !== 'failed' || shown.message !== message) this.#setState(failed);
    this.#retryTimer = setTimeout(() => void this.#reach(address, choice), RETRY_MS);
  }

  #readyState({ origin, rootFingerprint }: Extract<Finding, { isFound: true }>): ServerState {
    const unproven = this.#unprovenKey?.origin === origin ? this.#unprovenKey.key : undefined;
    const key = unproven ?? this.#options.keys.keyAt(origin);
    return {
      state: 'ready',
      kind: 'remote',
      origin,
      ...(rootFingerprint === undefined ? {} : { rootFingerprint }),
      ...(key === undefined ? {} : { key }),
    };
  }

  #setState(state: ServerState): void {
    this.#state = state;
    if (state.state === 'ready' || state.kind !== this.#pin?.kind) this.#pin = pinOf(state);
    this.#options.log.info(`server: ${state.kind} ${state.state}`);
    this.#emitter.emit('stateChanged', state);
  }
}

function refusal(message: string): UseServerResult {
  return { ok: false, message };
}
