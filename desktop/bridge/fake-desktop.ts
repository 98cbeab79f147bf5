/**
 * The desktop's bridge in memory, for tests and for looking at the console's screens without
 * Electron. It behaves as the real one does: a refusal changes nothing, a listener can be removed.
 */
import { createNanoEvents } from 'nanoevents';
import type { DesktopApi, ServerState } from './contract';

/** What a test may set beforehand. */
export interface FakeDesktopOptions {
  state?: ServerState;
  remoteAddress?: string | null;
  /** Answers `useRemoteServer`: the origin that is joined, or undefined to refuse. */
  resolve?: (address: string) => string | undefined;
}

/** A `DesktopApi` that a test drives through `setState`. */
export class FakeDesktop implements DesktopApi {
  readonly #emitter = createNanoEvents<{ changed: (state: ServerState) => void }>();
  readonly #resolve: (address: string) => string | undefined;
  #state: ServerState;
  #remoteAddress: string | null;

  constructor(options: FakeDesktopOptions = {}) {
    this.#state = options.state ?? embeddedReady;
    this.#remoteAddress = options.remoteAddress ?? null;
    this.#resolve = options.resolve ?? ((address) => `ws://${address}`);
  }

  /** Number of listeners that have not been removed. */
  get listenerCount(): number {
    return this.#emitter.events.changed?.length ?? 0;
  }

  /** What the main process would announce. */
  setState(state: ServerState): void {
    this.#state = state;
    this.#emitter.emit('changed', state);
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
    const origin = this.#resolve(address);
    if (origin === undefined) {
      return Promise.resolve({ ok: false, message: `No Sightline server answers at ${address}.` });
    }
    this.#remoteAddress = address;
    this.setState({ state: 'ready', kind: 'remote', origin });
    return Promise.resolve({ ok: true });
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
