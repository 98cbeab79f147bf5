/**
 * Joins sockets to the registry: carries out its effects, keeps its time, and tells everybody when
 * the server goes. Owns every socket and timer of the signaling part.
 */
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { CloseName } from '../protocol/close-codes';
import { encode } from '../protocol/codec';
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../protocol/limits';
import type { ClientType, JoinAddress, ServerMessage, Welcome } from '../protocol/messages';
import {
  ClientSocket,
  type ClientSocketListener,
  type ClientSocketParts,
  type HelloMessage,
} from './client-socket';
import type { IceServerSource } from './ice-server-source';
import type { OpenRoom } from './access/open-room';
import type { AuditEntry } from './audit/audit-entry';
import type { Effect, HelloRefusal } from './effects';
import { GatheredChanges } from './gathered-changes';
import {
  Registry,
  type Census,
  type Counts,
  type RegistryLimits,
  type RegistryMessage,
} from './registry';
import type { SocketPlace } from './limits/address-limits';
import type { Traffic } from './metrics/traffic';
import { logTransition } from './log-transition';
import { KeyRefusals } from './limits/key-refusals';
import type { Limits } from './limits/limits';
import { PublishRates } from './limits/publish-rates';
import type { Refusals } from './limits/refusals';
import { RoomNews } from './room/room-news';
import { welcomeFrames } from './welcome-frames';

/** What a hub needs. */
export interface HubOptions {
  readonly registryLimits: RegistryLimits;
  /** What is settled about the room, and the way to save it. */
  readonly room: OpenRoom;
  readonly socketLimits: Limits;
  readonly refusals: Refusals;
  readonly traffic: Traffic;
  readonly iceServers: IceServerSource;
  readonly serverName: string;
  /**
   * Where phones join, for operators; read anew each time, since addresses change.
   * @param publicOrigin - where a proxy says that the client came to
   */
  readonly joinAddresses: (publicOrigin: string | undefined) => JoinAddress[];
  readonly audit: { write(entry: AuditEntry): void };
  readonly logger: Logger;
}

/** Whose socket it is. */
export interface Newcomer {
  readonly clientId: string;
  readonly clientType: ClientType;
  /** Where a trusted proxy says that it came to, such as `https://studio.example`. */
  readonly publicOrigin: string | undefined;
  /** Address that it comes from. */
  readonly address: string;
  /** Its place among the sockets of that address. */
  readonly place: SocketPlace;
  /** What its frames come through. */
  readonly wire: Duplex;
}

type PublishMessage = Extract<RegistryMessage, { type: 'publish' }>;

/** Said to an operator whose command was carried out and is not on disk. */
const UNSAVED =
  'This holds for now, but could not be saved: a restart of the server would undo it. Look at its disk; it is tried again.';

/** See the head of this file. */
export class Hub implements ClientSocketListener {
  readonly #options: HubOptions;
  readonly #parts: ClientSocketParts;
  readonly #registry: Registry;
  readonly #publishes: PublishRates;
  readonly #updates: GatheredChanges<string>;
  readonly #news: RoomNews;
  readonly #keyRefusals: KeyRefusals;
  readonly #heartbeat: NodeJS.Timeout;
  /** Every socket that is not fully closed. */
  readonly #sockets = new Map<number, ClientSocket>();
  /** The socket each connected client speaks through. */
  readonly #socketOf = new Map<string, ClientSocket>();
  #expiry: NodeJS.Timeout | undefined;
  #lastSocketId = 0;
  #isDraining = false;
  #drained: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: HubOptions) {
    const { registryLimits, socketLimits } = options;
    this.#options = options;
    const { refusals, traffic, logger } = options;
    const nowMs = (): number => performance.now();
    this.#parts = { limits: socketLimits, refusals, traffic, nowMs, logger, listener: this };
    this.#registry = new Registry(registryLimits, options.room.book);
    this.#keyRefusals = new KeyRefusals(socketLimits.failedKeys);
    this.#publishes = new PublishRates({ ...socketLimits, maxStreams: registryLimits.maxStreams });
    this.#updates = new GatheredChanges(socketLimits.updateDelayMs, (streamIds) => {
      this.#apply(streamIds.flatMap((id) => this.#registry.streamUpdate(id)));
    });
    this.#news = new RoomNews({
      registry: this.#registry,
      send: (to, message) => this.#send(to, message),
      tellJoinAddresses: () => this.tellJoinAddresses({ isKeyNew: true }),
      room: options.room,
    });
    this.#heartbeat = setInterval(() => this.#beat(), socketLimits.heartbeatMs);
  }

  get counts(): Counts {
    return this.#registry.counts;
  }

  /** See `Registry`. */
  get census(): Census {
    return this.#registry.census;
  }

  /** Whether another socket may open: strangers that never say hello must not pile up. */
  get hasRoom(): boolean {
    const strangers = this.#sockets.size - this.#socketOf.size;
    return !this.#isDraining && strangers < this.#options.registryLimits.maxClients;
  }

  /** Takes charge of a fresh socket. */
  accept(socket: WebSocket, newcomer: Newcomer): void {
    const id = (this.#lastSocketId += 1);
    this.#sockets.set(id, new ClientSocket(socket, { ...newcomer, id }, this.#parts));
  }

  /**
   * Tells every client that the server goes, closes every socket, and resolves when none is left:
   * at the latest after the close time-out of the limits. Idempotent.
   */
  close(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /**
   * Tells every operator where phones join by now. Whoever came through a proxy hears of a new key
   * only: phones go the same way, whatever this machine's addresses are.
   */
  tellJoinAddresses({ isKeyNew = false }: { isKeyNew?: boolean } = {}): void {
    for (const clientId of this.#registry.operators) {
      const socket = this.#socketOf.get(clientId);
      if (socket === undefined || (socket.publicOrigin !== undefined && !isKeyNew)) continue;
      const joinAddresses = this.#options.joinAddresses(socket.publicOrigin);
      socket.sendText(encode({ type: 'join-addresses', joinAddresses }));
    }
  }

  onHello(socket: ClientSocket, hello: HelloMessage): void {
    const { logger, registryLimits } = this.#options;
    const { id: socketId, clientId, clientType } = socket;
    const { protocolVersion, resumeToken: presented, key, deviceKey, device } = hello;
    const outcome = this.#registry.hello({
      socketId,
      clientId,
      clientType,
      address: socket.address,
      epochMs: Date.now(),
      protocolVersion,
      resumeToken: presented,
      key,
      deviceKey,
      device,
    });
    if (!outcome.ok) {
      this.#refuseHello(socket, outcome.error);
      return;
    }
    const { role, resumed, resumeToken, supersededSocketId, streams, sessions, effects } =
      outcome.value;
    this.#socketOf.set(clientId, socket);
    if (supersededSocketId !== undefined) {
      this.#sockets.get(supersededSocketId)?.close('superseded');
    }
    logger.info({ clientId, clientType }, resumed ? 'client resumed' : 'client connected');
    const { serverName, joinAddresses } = this.#options;
    const welcome: Welcome = {
      type: 'welcome',
      protocolVersion: PROTOCOL_VERSION,
      serverName,
      joinAddresses: role === 'operator' ? joinAddresses(socket.publicOrigin) : [],
      iceServers: this.#options.iceServers.serversFor(clientId),
      clientId,
      role,
      resumed,
      resumeToken,
      resumeWindowMs: registryLimits.resumeWindowMs,
      limits: { maxFrameBytes: MAX_FRAME_BYTES, maxStreams: registryLimits.maxStreams },
      streams: [...streams],
      sessions: [...sessions],
    };
    socket.welcome(welcomeFrames(welcome));
    if (role === 'operator') this.#news.greet(clientId);
    this.#apply(effects);
    this.#scheduleExpiry();
  }

  /** Tells a newcomer why not; of a wrong key not at once, so that guessing is slow. */
  #refuseHello(socket: ClientSocket, { close, ...error }: HelloRefusal): void {
    const { logger, refusals } = this.#options;
    const { clientId, clientType, address } = socket;
    refusals.countError(error.id);
    logger.info({ clientId, clientType, error: error.id }, 'client refused');
    const actor = { clientId, address };
    const target = { type: clientType };
    this.#options.audit.write({ event: 'client-refused', actor, target, outcome: error.id });
    const refuse = (): void => {
      socket.sendError({ ...error, answers: 'hello' });
      socket.close(close);
    };
    if (close !== 'keyRefused') {
      refuse();
      return;
    }
    socket.hold();
    if (this.#keyRefusals.add(address, refuse)) return;
    refusals.count('key-floods');
    socket.close('tooManyConnections');
  }

  onConfirmed(socket: ClientSocket): void {
    this.#registry.confirm(socket.clientId);
  }

  onMessage(socket: ClientSocket, message: RegistryMessage, frame: Buffer): void {
    if (message.type === 'publish' && !this.#mayPublish(socket, message)) return;
    const outcome = this.#registry.receive(socket.clientId, message, Date.now());
    if (!outcome.ok) {
      this.#options.refusals.countError(outcome.error.id);
      this.#options.logger.debug(
        { clientId: socket.clientId, error: outcome.error.id, answers: message.type },
        'message refused',
      );
      socket.sendError({ ...outcome.error, answers: message.type });
      return;
    }
    this.#apply(outcome.value, frame);
    if (message.type === 'bye') socket.end();
  }

  /** Who comes back to its own stream starts none, however often it does. */
  #mayPublish(socket: ClientSocket, { type: answers, streamId }: PublishMessage): boolean {
    if (this.#registry.isOwnStream(socket.clientId, streamId)) return true;
    if (this.#publishes.take(socket, performance.now())) return true;
    this.#options.refusals.count('streams');
    const message = 'This device starts streams too often; wait a moment and start again.';
    socket.sendError({ id: 'too-many-streams', message, answers, streamId });
    return false;
  }

  onLost(socket: ClientSocket, { isLeaving }: { readonly isLeaving: boolean }): void {
    const { clientId } = socket;
    // Not its client's socket: never let in, superseded, or of a client that said bye.
    if (this.#socketOf.get(clientId) !== socket) return;
    this.#socketOf.delete(clientId);
    if (this.#isDraining) return;
    this.#options.logger.info({ clientId, isLeaving }, 'client disconnected');
    const nowMs = performance.now();
    this.#apply(this.#registry.socketLost(clientId, socket.id, { isLeaving, nowMs }));
    this.#scheduleExpiry();
  }

  onClosed(socket: ClientSocket): void {
    this.#sockets.delete(socket.id);
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }

  #beat(): void {
    for (const socket of this.#sockets.values()) socket.beat();
    const { iceServers, logger } = this.#options;
    if (!iceServers.takeRenewal()) return;
    for (const [clientId, socket] of this.#socketOf) {
      const message = { type: 'ice-servers', iceServers: iceServers.serversFor(clientId) } as const;
      socket.sendText(encode(message));
    }
    logger.info({ clients: this.#socketOf.size }, 'TURN credentials renewed');
  }

  #apply(effects: readonly Effect[], frame?: Buffer): void {
    let isSaved = true;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          logTransition(this.#options.logger, effect.message);
          this.#send(effect.to, isSaved ? effect.message : withWarning(effect.message));
          break;
        case 'forward':
          if (frame !== undefined) this.#socketOf.get(effect.to)?.sendFrame(frame);
          break;
        case 'stream-changed':
          this.#updates.mark(effect.streamId);
          break;
        case 'room-changed':
          this.#news.mark(effect.what);
          break;
        case 'close':
          this.#sendAway(effect.clientId, effect.close);
          break;
        case 'save':
          isSaved = this.#options.room.save();
          break;
        case 'audit':
          this.#options.audit.write(effect.entry);
          break;
      }
    }
  }

  #send(to: readonly string[], message: ServerMessage): void {
    if (to.length === 0) return;
    const frame = Buffer.from(encode(message));
    for (const clientId of to) {
      const socket = this.#socketOf.get(clientId);
      if (message.type === 'waiting-picture') socket?.sendPassing(frame);
      else socket?.sendFrame(frame);
    }
  }

  /** The registry has forgotten the client already: nothing of it is to be kept for a resume. */
  #sendAway(clientId: string, close: CloseName): void {
    const socket = this.#socketOf.get(clientId);
    this.#socketOf.delete(clientId);
    socket?.close(close);
  }

  #scheduleExpiry(): void {
    clearTimeout(this.#expiry);
    const deadlineMs = this.#registry.nextDeadlineMs();
    if (deadlineMs === undefined || this.#isDraining) return;
    const waitMs = Math.max(0, Math.ceil(deadlineMs - performance.now()));
    this.#expiry = setTimeout(() => {
      this.#apply(this.#registry.expire(performance.now()));
      this.#scheduleExpiry();
    }, waitMs);
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#expiry);
    this.#updates.close();
    this.#news.close();
    this.#keyRefusals.close();
    const frame = encode({ type: 'draining' });
    const sockets = [...this.#sockets.values()];
    const emptied = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const socket of sockets) {
      if (socket.isOpen) socket.sendText(frame);
      socket.close('draining');
    }
    if (this.#sockets.size === 0) return;
    const straggling = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.terminate();
    }, this.#options.socketLimits.closeTimeoutMs);
    await emptied;
    clearTimeout(straggling);
  }
}

function withWarning(message: ServerMessage): ServerMessage {
  return message.type === 'done' ? { ...message, warning: UNSAVED } : message;
}
