/**
 * Ties the console to one server at a time: follows the host's word of where it is, holds the
 * signaling connection and what is watched through it, and writes their state to the stores.
 */
import type { SignalingStatus } from '../../../signal/client/connection-machine';
import type { SignalingClient } from '../../../signal/client/signaling-client';
import { CLOSE } from '../../../signal/protocol/close-codes';
import type { ViewerMessage, Welcome } from '../../../signal/protocol/messages';
import type { Command } from '../../../signal/protocol/room-messages';
import { keyOfInput, originOfLink } from '../access/key-input';
import type { Host } from '../host/host';
import { RoomControl, type CommandResult } from '../moderation/room-control';
import type { RoomStore } from '../room/room-store';
import type { StreamRegistry, StreamSource } from '../streams/stream-registry';
import type { ServerState, UseServerResult } from '../../bridge/contract';
import { words } from '../wording';
import { KeyTrial, type TrialSignaling } from './key-trial';
import type { ServerStore } from './server-store';

/** Closes by which an operator sends somebody away. */
const SENT_AWAY: readonly number[] = [CLOSE.removed.code, CLOSE.blocked.code];

/** One server's signaling and streams. */
export interface ServerLink {
  readonly signaling: Pick<
    SignalingClient<ViewerMessage>,
    'status' | 'failure' | 'setback' | 'credentials' | 'welcome' | 'on' | 'send' | 'connect'
  >;
  readonly streams: StreamSource;
  /** What followed the welcome before anybody listened, where the link was opened ahead. */
  readonly heard?: readonly ViewerMessage[];
  /** Stops watching, says goodbye, stops listening for wake events. */
  close(): void;
}

export interface ControlRoomOptions {
  readonly host: Host;
  readonly server: ServerStore;
  readonly room: RoomStore;
  readonly registry: StreamRegistry;
  /** Makes a link that has not connected yet, or hands over one that was opened ahead. */
  readonly openLink: (origin: string, key: string | undefined) => ServerLink;
  /** Makes signaling, not connected yet, by which a key is tried beside the link that stands. */
  readonly openTrial: (origin: string, key: string) => TrialSignaling;
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
  #trial: KeyTrial | undefined;

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
   * the host can; otherwise only its key counts, since one server has many addresses. The key of a
   * link by TLS never goes out without.
   */
  async useKey(input: string): Promise<UseServerResult> {
    const key = keyOfInput(input);
    if (key === undefined) return { ok: false, message: words.room.access.noKey };
    const { serverSwitch } = this.#options.host;
    const open = this.#link;
    const target = originOfLink(input);
    const here = open === undefined ? [] : [open.origin, open.origin.replace(/^wss:/u, 'ws:')];
    const isElsewhere = target !== undefined && !here.includes(target);
    if (isElsewhere && serverSwitch !== undefined) {
      return serverSwitch.useRemoteServer(input.trim());
    }
    if (open === undefined) return { ok: false, message: words.room.commandUnsent };
    if (target?.startsWith('wss:') === true && open.origin.startsWith('ws:')) {
      return { ok: false, message: words.room.access.plainServer };
    }
    this.#offerKey(open, key);
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
      this.#offerKey(this.#link, state.key ?? this.#link.link.signaling.credentials.key);
      return;
    }
    this.#closeLink();
    this.#openLink(state.origin, state.key);
  }

  /**
   * Has a key tried at the server in use. Whoever is in already is known by a token, for which no
   * key is looked at; so another key is tried beside, and the one that holds is not given up for it.
   */
  #offerKey({ origin, link: { signaling } }: OpenLink, key: string | undefined): void {
    const { host, server } = this.#options;
    const current = signaling.credentials.key;
    const isIn = signaling.status === 'connected' || signaling.status === 'reconnecting';
    if (key === this.#trial?.key && key !== undefined) return;
    this.#endTrial();
    if (!isIn || key === undefined || key === current) {
      signaling.credentials = { ...signaling.credentials, key };
      if (signaling.status === 'failed') signaling.connect();
      return;
    }
    server.keyRefusal = undefined;
    this.#trial = new KeyTrial(key, this.#options.openTrial(origin, key));
    this.#trial.begin((refusal) => {
      this.#trial = undefined;
      if (refusal === undefined) {
        this.#closeLink();
        this.#openLink(origin, key);
        return;
      }
      server.keyRefusal = words.room.access.stillIn(refusal.sentence);
      // The host holds the refused one by now; what is kept is what let us in.
      const holding = signaling.credentials.key;
      if (holding !== undefined) host.keepKey({ origin, key: holding });
    });
  }

  #endTrial(): void {
    this.#trial?.close();
    this.#trial = undefined;
  }

  #openLink(origin: string, firstKey: string | undefined): void {
    const { host, registry, room, server } = this.#options;
    const link = this.#options.openLink(origin, firstKey);
    const { signaling } = link;
    this.#link = { origin, link, control: new RoomControl(signaling) };
    // The host's own is one that no server may have taken yet.
    let keptKey: string | undefined;
    const keep = (key: string | undefined): void => {
      if (key !== undefined && key !== keptKey) host.keepKey({ origin, key });
      keptKey = key;
    };
    let isSentAway = false;
    const onStatus = (status: SignalingStatus): void => {
      server.setSignaling(status, signaling);
      if (!SENT_AWAY.includes(signaling.failure?.code ?? 0)) return;
      // Trouble leaves pictures where they are; these are not for us any more.
      isSentAway = true;
      registry.close();
    };
    const onWelcomed = (welcome: Welcome): void => {
      server.serverName = welcome.serverName;
      server.role = welcome.role;
      server.clientId = welcome.clientId;
      server.joinAddresses = welcome.joinAddresses;
      server.hasConnected = true;
      if (welcome.role !== 'operator') room.reset();
      keep(signaling.credentials.key);
      if (isSentAway) registry.attach(link.streams);
      isSentAway = false;
    };
    signaling.on('statusChanged', onStatus);
    signaling.on('keyRenewed', keep);
    signaling.on('welcomed', onWelcomed);
    signaling.on('message', (message) => this.#onMessage(message));
    registry.attach(link.streams);
    if (signaling.status === 'idle') {
      signaling.connect();
      return;
    }
    onStatus(signaling.status);
    if (signaling.welcome !== undefined) onWelcomed(signaling.welcome);
    for (const message of link.heard ?? []) this.#onMessage(message);
  }

  #onMessage(message: ViewerMessage): void {
    const { room, server } = this.#options;
    if (message.type === 'join-addresses') server.joinAddresses = message.joinAddresses;
    else if (message.type === 'room') room.facts = message;
    else if (message.type === 'people') room.setPeople(message);
    else if (message.type === 'waiting-picture') room.setPicture(message.clientId, message.picture);
  }

  #closeLink(): void {
    this.#endTrial();
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
