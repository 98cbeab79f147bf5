/** The other end of a broadcast's connection, in memory: it answers as the server does. */
import { createNanoEvents } from 'nanoevents';
import type { SignalingFailure, SignalingStatus } from '../../signal/client/connection-machine';
import type { SignalingCredentials } from '../../signal/client/signaling-client';
import { decodeClientMessage, encode } from '../../signal/protocol/codec';
import type {
  ClientMessage,
  ClientMessageInput,
  ErrorId,
  ServerMessage,
  StreamInfo,
  Welcome,
} from '../../signal/protocol/messages';
import { streamOf, welcomeOf } from '../../signal/testing/sample-messages';
import type { BroadcastSignaling } from '../streaming/broadcast-parts';

interface Events {
  statusChanged: (status: SignalingStatus) => void;
  welcomed: (welcome: Welcome) => void;
  message: (message: ServerMessage) => void;
  keyRenewed: (key: string) => void;
  roundTripMeasured: (milliseconds: number) => void;
}

/** See the head of this file. */
export class FakeServer implements BroadcastSignaling {
  readonly #events = createNanoEvents<Events>();
  status: SignalingStatus = 'idle';
  failure: SignalingFailure | undefined;
  setback: SignalingFailure | undefined;
  credentials: SignalingCredentials = {};
  /** How often it was tried at once instead of waiting. */
  wakes = 0;
  /** Keeps what is published waiting, until it is admitted. */
  hasLobby = false;
  welcome: Welcome | undefined;
  readonly iceServers = [];
  /** The stream on the wall, as it was last published or updated. */
  stream: StreamInfo | undefined;
  /** Refuses what is published. */
  refuseWith: ErrorId | undefined;
  /** Decoded, so that nothing is sent that the protocol does not take. */
  readonly sent: ClientMessage[] = [];

  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Listeners that nobody has taken away. */
  get listenerCount(): number {
    return Object.values(this.#events.events).flat().length;
  }

  connect(): void {
    this.failure = undefined;
    this.#become('connecting');
  }

  wake(): void {
    this.wakes += 1;
  }

  close(): void {
    this.#become('closed');
  }

  check(): void {
    // This server is never silent without a word: there is nothing to find out.
  }

  send(message: ClientMessageInput): boolean {
    if (this.welcome === undefined) return false;
    const decoded = decodeClientMessage(encode(message));
    if (!decoded.ok) throw new Error(decoded.error.message);
    this.sent.push(decoded.value);
    // A network never answers at once.
    queueMicrotask(() => this.#answer(decoded.value));
    return true;
  }

  /** The connection stands. */
  accept(facts: Partial<Welcome> = {}): void {
    this.setback = undefined;
    this.welcome = welcomeOf({ serverName: 'Studio', role: 'phone', ...facts });
    this.#become('connected');
    this.#events.emit('welcomed', this.welcome);
  }

  /** The connection is lost and will be tried again. */
  drop(): void {
    this.welcome = undefined;
    this.stream = undefined;
    this.#become('reconnecting');
  }

  /** The connection is closed for good. */
  fail(failure: SignalingFailure): void {
    this.welcome = undefined;
    this.failure = failure;
    this.#become('failed');
  }

  /** The connection was refused for now, and will be tried again. */
  hold(setback: SignalingFailure): void {
    this.setback = setback;
    this.#become('connecting');
  }

  /** The key was changed. */
  renewKey(key: string): void {
    this.#events.emit('keyRenewed', key);
  }

  /** Says anything. */
  tell(message: ServerMessage): void {
    this.#events.emit('message', message);
  }

  /** Lets the one who waits in. */
  admit(): void {
    this.hasLobby = false;
    this.tell({ type: 'admission', state: 'admitted' });
    const publish = this.sent.filter(({ type }) => type === 'publish').at(-1);
    if (publish !== undefined) this.#answer(publish);
  }

  /** Messages of one type that were sent. */
  sentOf<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }

  /** How many watch. */
  count(viewerCount: number): void {
    if (this.stream === undefined) throw new Error('Nothing is on the wall');
    this.stream = { ...this.stream, viewerCount };
    this.#events.emit('message', { type: 'stream-updated', stream: this.stream });
  }

  #answer(message: ClientMessage): void {
    if (this.welcome === undefined) return;
    if (message.type === 'publish' && this.refuseWith !== undefined) {
      this.#events.emit('message', {
        type: 'error',
        id: this.refuseWith,
        message: 'There are too many streams.',
        answers: 'publish',
        streamId: message.streamId,
      });
    } else if (message.type === 'publish' && this.hasLobby) {
      this.tell({ type: 'admission', state: 'waiting' });
    } else if (message.type === 'publish') {
      const { streamId, label, device, capture } = message;
      this.stream = streamOf(streamId, { label, device, capture });
      this.#events.emit('message', { type: 'stream-added', stream: this.stream });
    } else if (message.type === 'update-stream' && this.stream !== undefined) {
      const { label = this.stream.label, capture = this.stream.capture } = message;
      this.stream = { ...this.stream, label, capture };
    } else if (message.type === 'unpublish') {
      this.stream = undefined;
    }
  }

  #become(status: SignalingStatus): void {
    this.status = status;
    this.#events.emit('statusChanged', status);
  }
}
