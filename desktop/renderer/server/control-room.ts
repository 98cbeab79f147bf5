/**
 * Ties the console to one server at a time: follows the host's word of where it is, holds the
 * signaling connection and what is watched through it, and writes their state to the stores.
 */
import type { SignalingClient } from '../../../signal/client/signaling-client';
import type { Host } from '../host/host';
import type { StreamRegistry, StreamSource } from '../streams/stream-registry';
import type { ServerState, UseServerResult } from '../../bridge/contract';
import { words } from '../wording';
import type { ServerStore } from './server-store';

/** One server's signaling and streams. */
export interface ServerLink {
  readonly signaling: Pick<SignalingClient, 'status' | 'failure' | 'on' | 'connect'>;
  readonly streams: StreamSource;
  /** Stops watching, says goodbye, stops listening for wake events. */
  close(): void;
}

export interface ControlRoomOptions {
  readonly host: Host;
  readonly server: ServerStore;
  readonly registry: StreamRegistry;
  /** Makes a link that has not connected yet. */
  readonly openLink: (origin: string) => ServerLink;
}

/** See the head of this file. */
export class ControlRoom {
  readonly #options: ControlRoomOptions;
  #unwatch: () => void = () => undefined;
  #link: { readonly origin: string; readonly link: ServerLink } | undefined;

  constructor(options: ControlRoomOptions) {
    this.#options = options;
  }

  /** Begins to follow the host. */
  open(): void {
    this.#unwatch();
    this.#unwatch = this.#options.host.watchServer((state) => this.#onHostState(state));
  }

  /** Tries again after a failure, of the server itself or of signaling. */
  async retry(): Promise<UseServerResult> {
    const { host, server } = this.#options;
    const failed = server.hostState?.state === 'failed' ? server.hostState : undefined;
    if (failed === undefined || host.serverSwitch === undefined) {
      this.#link?.link.signaling.connect();
      return { ok: true };
    }
    if (failed.kind === 'embedded') return host.serverSwitch.useEmbeddedServer();
    const address = await host.serverSwitch.getRemoteAddress();
    return address === null
      ? { ok: false, message: words.server.noAddress }
      : host.serverSwitch.useRemoteServer(address);
  }

  /** Leaves the server and empties the wall. Idempotent. */
  close(): void {
    this.#unwatch();
    this.#unwatch = () => undefined;
    this.#closeLink();
  }

  #onHostState(state: ServerState): void {
    this.#options.server.hostState = state;
    // A server that is down or starting again may come back at the same place: pictures go on.
    if (state.state !== 'ready') return;
    if (this.#link?.origin === state.origin) {
      if (this.#link.link.signaling.status === 'failed') this.#link.link.signaling.connect();
      return;
    }
    this.#closeLink();
    this.#openLink(state.origin);
  }

  #openLink(origin: string): void {
    const { server, registry } = this.#options;
    const link = this.#options.openLink(origin);
    this.#link = { origin, link };
    const { signaling } = link;
    signaling.on('statusChanged', (status) => {
      server.signaling = status;
      server.failure = signaling.failure?.sentence;
    });
    signaling.on('welcomed', (welcome) => {
      server.serverName = welcome.serverName;
      server.joinAddresses = welcome.joinAddresses;
      server.hasConnected = true;
    });
    signaling.on('message', (message) => {
      if (message.type === 'join-addresses') server.joinAddresses = message.joinAddresses;
    });
    registry.attach(link.streams);
    signaling.connect();
  }

  #closeLink(): void {
    if (this.#link === undefined) return;
    const { link } = this.#link;
    this.#link = undefined;
    link.close();
    this.#options.registry.close();
    this.#options.server.reset();
  }
}
