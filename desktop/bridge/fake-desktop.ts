/**
 * The desktop's bridge in memory, for tests and for looking at the console's screens without
 * Electron. It behaves as the real one does: a refusal changes nothing, a listener can be removed.
 */
import { createNanoEvents } from 'nanoevents';
import type {
  DesktopApi,
  FoundServers,
  KeptKey,
  ServerState,
  TrustDecision,
  TrustQuestion,
} from './contract';

/** What a test may set beforehand. */
export interface FakeDesktopOptions {
  state?: ServerState;
  remoteAddress?: string | null;
  /** Answers `useRemoteServer`: the origin that is joined, or undefined to refuse. */
  resolve?: (address: string) => string | undefined;
  /** Addresses whose certificate the operator has to vouch for first. */
  questions?: readonly TrustQuestion[];
  found?: FoundServers;
}

/** A `DesktopApi` that a test drives through `setState`. */
export class FakeDesktop implements DesktopApi {
  readonly #emitter = createNanoEvents<{
    changed: (state: ServerState) => void;
    foundChanged: (found: FoundServers) => void;
    shownChanged: (isShown: boolean) => void;
  }>();
  /** Questions not answered yet. */
  #questions: readonly TrustQuestion[];
  #found: FoundServers;
  readonly #resolve: (address: string) => string | undefined;
  #state: ServerState;
  #remoteAddress: string | null;

  constructor(options: FakeDesktopOptions = {}) {
    this.#state = options.state ?? embeddedReady;
    this.#remoteAddress = options.remoteAddress ?? null;
    this.#questions = options.questions ?? [];
    this.#found = options.found ?? { isLooking: true, servers: [] };
    this.#resolve = options.resolve ?? ((address) => `ws://${address}`);
  }

  /** Number of listeners that have not been removed. */
  get listenerCount(): number {
    const { changed = [], foundChanged = [], shownChanged = [] } = this.#emitter.events;
    return changed.length + foundChanged.length + shownChanged.length;
  }

  /** What the main process would announce. */
  setState(state: ServerState): void {
    this.#state = state;
    this.#emitter.emit('changed', state);
  }

  /** What the main process would announce of the network. */
  setFound(found: FoundServers): void {
    this.#found = found;
    this.#emitter.emit('foundChanged', found);
  }

  /** What the main process would say of the window. */
  setWindowShown(isShown: boolean): void {
    this.#emitter.emit('shownChanged', isShown);
  }

  getServerState(): Promise<ServerState> {
    return Promise.resolve(this.#state);
  }

  getRemoteAddress(): Promise<string | null> {
    return Promise.resolve(this.#remoteAddress);
  }

  useEmbeddedServer(): ReturnType<DesktopApi['useEmbeddedServer']> {
    this.setState(embeddedReady);
    return Promise.resolve({ ok: true });
  }

  useRemoteServer(address: string): ReturnType<DesktopApi['useRemoteServer']> {
    const trust = this.#questions.find((question) => question.address === address);
    if (trust !== undefined) {
      const message = `This computer does not know the certificate of ${address} yet.`;
      return Promise.resolve({ ok: false, message, trust });
    }
    const origin = this.#resolve(address);
    if (origin === undefined) {
      return Promise.resolve({ ok: false, message: `No Sightline server answers at ${address}.` });
    }
    this.#remoteAddress = address;
    this.setState({ state: 'ready', kind: 'remote', origin });
    return Promise.resolve({ ok: true });
  }

  trustRemoteServer(decision: TrustDecision): ReturnType<DesktopApi['trustRemoteServer']> {
    this.#questions = this.#questions.filter(
      ({ address, fingerprint }) =>
        address !== decision.address || fingerprint !== decision.fingerprint,
    );
    return this.useRemoteServer(decision.address);
  }

  keepServerKey({ origin, key }: KeptKey): Promise<boolean> {
    if (this.#state.state !== 'ready' || this.#state.origin !== origin)
      return Promise.resolve(false);
    this.#state = { ...this.#state, key };
    return Promise.resolve(true);
  }

  getFoundServers(): Promise<FoundServers> {
    return Promise.resolve(this.#found);
  }

  useFoundServer(id: string): ReturnType<DesktopApi['useFoundServer']> {
    const server = this.#found.servers.find((one) => one.id === id);
    return server === undefined
      ? Promise.resolve({ ok: false, message: 'This server is gone from the network.' })
      : this.useRemoteServer(server.address);
  }

  onFoundServersChanged(listener: (found: FoundServers) => void): () => void {
    return this.#emitter.on('foundChanged', listener);
  }

  onWindowShownChanged(listener: (isShown: boolean) => void): () => void {
    return this.#emitter.on('shownChanged', listener);
  }

  onServerStateChanged(listener: (state: ServerState) => void): () => void {
    return this.#emitter.on('changed', listener);
  }
}

const embeddedReady: ServerState = {
  state: 'ready',
  kind: 'embedded',
  origin: 'ws://127.0.0.1:8443',
};
