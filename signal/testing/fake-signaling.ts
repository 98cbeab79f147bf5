/** Signaling in memory: the test speaks for the server, and reads what was sent to it. */
import { createNanoEvents } from 'nanoevents';
import { decodeClientMessage, encode } from '../protocol/codec';
import type {
  ClientMessage,
  ClientMessageInput,
  IceServer,
  ServerMessage,
  SignalMessage,
  SignalPayload,
  Welcome,
} from '../protocol/messages';
import type { SignalingPort } from '../rtc/signaling-port';
import { welcomeOf } from './sample-messages';

interface Events {
  welcomed: (welcome: Welcome) => void;
  message: (message: ServerMessage) => void;
}

/** See the head of this file. */
export class FakeSignaling implements SignalingPort {
  readonly #events = createNanoEvents<Events>();
  welcome: Welcome | undefined;
  iceServers: readonly IceServer[] = [];
  /** Everything sent since it was last emptied, decoded. */
  sent: ClientMessage[] = [];
  /** How often somebody wanted to know whether the connection stands. */
  checks = 0;

  check(): void {
    this.checks += 1;
  }

  send(message: ClientMessageInput): boolean {
    if (this.welcome === undefined) return false;
    const decoded = decodeClientMessage(encode(message));
    if (!decoded.ok) throw new Error(decoded.error.message);
    this.sent.push(decoded.value);
    return true;
  }

  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Listeners that have not been removed. */
  get listenerCount(): number {
    const { welcomed = [], message = [] } = this.#events.events;
    return welcomed.length + message.length;
  }

  connect(facts: Partial<Welcome> = {}): void {
    this.welcome = welcomeOf(facts);
    this.iceServers = this.welcome.iceServers;
    this.#events.emit('welcomed', this.welcome);
  }

  disconnect(): void {
    this.welcome = undefined;
  }

  receive(message: ServerMessage): void {
    this.#events.emit('message', message);
  }

  /** Delivers what the other end of a session said. */
  receiveSignal(sessionId: string, payload: SignalPayload, connectionId?: string): void {
    this.receive({
      type: 'signal',
      sessionId,
      ...(connectionId === undefined ? {} : { connectionId }),
      payload,
    });
  }

  /** What was sent, of one type. */
  sentOf<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }

  /** Signals sent for a session, of one kind. */
  signalsOf(sessionId: string, kind: SignalPayload['kind']): SignalMessage[] {
    return this.sentOf('signal').filter(
      (signal) => signal.sessionId === sessionId && signal.payload.kind === kind,
    );
  }
}
