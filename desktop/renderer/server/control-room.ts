/**
 * Ties the console to one server at a time: follows the host's word of where it is, holds the
 * signaling connection and what is watched through it, and writes their state to the stores.
 */
import type { SignalingClient } from '../../../signal/client/signaling-client';
import { CLOSE } from '../../../signal/protocol/close-codes';
import type { ViewerMessage } from '../../../signal/protocol/messages';
import type { Command } from '../../../signal/protocol/room-messages';
import { hostOfLink, keyOfInput } from '../access/key-input';
import type { Host } from '../host/host';
import { RoomControl, type CommandResult } from '../moderation/room-control';
import type { RoomStore } from '../room/room-store';
import type { StreamRegistry, StreamSource } from '../streams/stream-registry';
import type { ServerState, UseServerResult } from '../../bridge/contract';
import { words } from '../wording';
import type { ServerStore } from './server-store';

/** Closes by which an operator sends somebody away. */
const SENT_AWAY: readonly number[] = [CLOSE.removed.code, CLOSE.blocked.code];

/** One server's signaling and streams. */
export interface ServerLink {
  readonly signaling: Pick<
    SignalingClient<ViewerMessage>,
    'status' | 'failure' | 'setback' | 'credentials' | 'on' | 'send' | 'connect'
  >;
  readonly streams: StreamSource;
  /** Stops watching, says goodbye, stops listening for wake events. */
  close(): void;
}

export interface ControlRoomOptions {
  readonly host: Host;
  readonly server: ServerStore;
  readonly room: RoomStore;
  readonly registry: StreamRegistry;
  /** Makes a link that has not connected yet. */
  readonly openLink: (origin: string, key: string | undefined) => ServerLink;
}

interface OpenLink {
  readonly origin: string;
  readonly link: ServerLink;
  readonly control: RoomControl;
}

/** See the head of this file. */
export class ControlRoom {
  readonly #options: ControlRoomOptions;
  #unwatch: () => void = () => undefined;
  #link: OpenLink | undefined;

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

  /**
   * Tries a key that a person typed, alone or in a link. A link to another server goes there, where
   * the host can; otherwise only its key counts, since one server has many addresses.
   */
  async useKey(input: string): Promise<UseServerResult> {
    const key = keyOfInput(input);
    if (key === undefined) return { ok: false, message: words.room.access.noKey };
    const { serverSwitch } = this.#options.host;
    const open = this.#link;
    const host = hostOfLink(input);
    const isElsewhere = host !== undefined && open?.origin.endsWith(`//${host}`) !== true;
    if (isElsewhere && serverSwitch !== undefined) {
      return serverSwitch.useRemoteServer(input.trim());
    }
    if (open === undefined) return { ok: false, message: words.room.commandUnsent };
    open.link.signaling.credentials = { ...open.link.signaling.credentials, key };
    open.link.signaling.connect();
    return { ok: true };
  }

  /** Sends an operator's command, and tells what became of it. */
  async command(command: Command): Promise<CommandResult> {
    return this.#link?.control.command(command) ?? { ok: false, message: words.room.commandUnsent };
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
      const { signaling } = this.#link.link;
      if (state.key !== undefined) {
        signaling.credentials = { ...signaling.credentials, key: state.key };
      }
      if (signaling.status === 'failed') signaling.connect();
      return;
    }
    this.#closeLink();
    this.#openLink(state.origin, state.key);
  }

  #openLink(origin: string, firstKey: string | undefined): void {
    const { host, registry, room, server } = this.#options;
    const link = this.#options.openLink(origin, firstKey);
    const { signaling } = link;
    this.#link = { origin, link, control: new RoomControl(signaling) };
    let keptKey = firstKey;
    const keep = (key: string | undefined): void => {
      if (key !== undefined && key !== keptKey) host.keepKey({ origin, key });
      keptKey = key;
    };
    let isSentAway = false;
    signaling.on('statusChanged', (status) => {
      server.setSignaling(status, signaling);
      if (!SENT_AWAY.includes(signaling.failure?.code ?? 0)) return;
      // Trouble leaves pictures where they are; these are not for us any more.
      isSentAway = true;
      registry.close();
    });
    signaling.on('keyRenewed', keep);
    signaling.on('welcomed', (welcome) => {
      server.serverName = welcome.serverName;
      server.role = welcome.role;
      server.clientId = welcome.clientId;
      server.joinAddresses = welcome.joinAddresses;
      server.hasConnected = true;
      if (welcome.role !== 'operator') room.reset();
      keep(signaling.credentials.key);
      if (isSentAway) registry.attach(link.streams);
      isSentAway = false;
    });
    signaling.on('message', (message) => this.#onMessage(message));
    registry.attach(link.streams);
    signaling.connect();
  }

  #onMessage(message: ViewerMessage): void {
    const { room, server } = this.#options;
    if (message.type === 'join-addresses') server.joinAddresses = message.joinAddresses;
    else if (message.type === 'room') room.facts = message;
    else if (message.type === 'people') room.setPeople(message);
    else if (message.type === 'waiting-picture') room.setPicture(message.clientId, message.picture);
  }

  #closeLink(): void {
    if (this.#link === undefined) return;
    const { control, link } = this.#link;
    this.#link = undefined;
    control.close();
    link.close();
    this.#options.registry.close();
    this.#options.server.reset();
    this.#options.room.reset();
  }
}
