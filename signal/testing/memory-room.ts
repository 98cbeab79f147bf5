/**
 * A signaling server in memory, as the protocol says, for tests that join real publishers and
 * subscribers in one page. Every message passes the codec in both directions, and arrives after
 * the code that sent it has run. Tests may disconnect clients, lose messages and lose memory.
 */
import { createNanoEvents } from 'nanoevents';
import { decodeClientMessage, decodeServerMessage, encode } from '../protocol/codec';
import type { Role } from '../protocol/fields';
import type {
  ClientMessage,
  ClientMessageInput,
  ClientType,
  IceServer,
  ServerMessage,
  SignalMessage,
  StreamInfo,
  StreamRemovedReason,
  Welcome,
} from '../protocol/messages';
import { randomId } from '../protocol/random-id';
import type { SignalingPort } from '../rtc/signaling-port';
import { streamOf, welcomeOf } from './sample-messages';

interface Session {
  readonly sessionId: string;
  readonly streamId: string;
  readonly viewer: RoomClient;
}

interface RoomStream {
  readonly publisher: RoomClient;
  info: StreamInfo;
}

type Received<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** See the head of this file. */
export class MemoryRoom {
  readonly #clients = new Set<RoomClient>();
  readonly #streams = new Map<string, RoomStream>();
  readonly #sessions = new Map<string, Session>();
  /** Every signal that was relayed or lost, in order. */
  readonly signals: SignalMessage[] = [];
  /** A signal for which this returns true is lost on its way. */
  losesSignal: (signal: SignalMessage) => boolean = () => false;

  /** Lets a client in; its welcome follows. */
  join(type: ClientType): RoomClient {
    const client = new RoomClient(this, type);
    this.#clients.add(client);
    client.connect();
    return client;
  }

  /** The server is started again and remembers nothing; every client is cut off. */
  forget(): void {
    for (const client of this.#clients) {
      client.disconnect();
      client.isKnown = false;
    }
    this.#streams.clear();
    this.#sessions.clear();
  }

  /** How many sessions a stream has, as the server counts them. */
  viewerCount(streamId: string): number {
    return [...this.#sessions.values()].filter((s) => s.streamId === streamId).length;
  }

  /** Called by clients: the hello of a socket. */
  welcome(client: RoomClient): Welcome {
    const resumed = client.isKnown;
    client.isKnown = true;
    const isOwn = ({ publisher }: RoomStream): boolean =>
      client.type === 'viewer' || publisher === client;
    return welcomeOf({
      clientId: client.id,
      resumed,
      streams: [...this.#streams.values()].filter(isOwn).map((stream) => this.#describe(stream)),
      sessions: [...this.#sessions.values()]
        .filter((session) => session.viewer === client || this.#publisherOf(session) === client)
        .map(({ sessionId, streamId, viewer }) => ({
          sessionId,
          streamId,
          role: viewer === client ? 'subscriber' : 'publisher',
          peerRole: viewer === client ? 'phone' : viewer.role,
        })),
    });
  }

  /** Called by clients: a message arrived. */
  receive(client: RoomClient, message: ClientMessage): void {
    switch (message.type) {
      case 'publish':
        this.#publish(client, message);
        break;
      case 'update-stream':
        this.#update(message);
        break;
      case 'unpublish':
        this.#remove(message.streamId, 'stopped');
        break;
      case 'subscribe':
        this.#subscribe(client, message);
        break;
      case 'unsubscribe':
        this.#close(message.sessionId);
        break;
      case 'signal':
        this.#relay(client, message);
        break;
      case 'hello':
      case 'ping':
      case 'bye':
      case 'lobby-picture':
      case 'moderate':
        break;
    }
  }

  #publish(client: RoomClient, { streamId, label, device, capture }: Received<'publish'>): void {
    const facts = { label, device, capture };
    const known = this.#streams.get(streamId);
    if (known === undefined) {
      const added = { publisher: client, info: streamOf(streamId, facts) };
      this.#streams.set(streamId, added);
      this.#tell(added, { type: 'stream-added', stream: this.#describe(added) });
      return;
    }
    known.info = { ...known.info, ...facts };
    for (const session of this.#sessions.values()) {
      if (session.streamId === streamId) this.#announce(session, client);
    }
    this.#tellNews(streamId);
  }

  #update({ streamId, label, device, capture }: Received<'update-stream'>): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    const { info } = stream;
    stream.info = {
      ...info,
      label: label ?? info.label,
      device: device ?? info.device,
      capture: capture ?? info.capture,
    };
    this.#tellNews(streamId);
  }

  #remove(streamId: string, reason: StreamRemovedReason): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    for (const { sessionId, streamId: of } of [...this.#sessions.values()]) {
      if (of === streamId) this.#close(sessionId);
    }
    this.#streams.delete(streamId);
    this.#tell(stream, { type: 'stream-removed', streamId, reason });
  }

  #subscribe(viewer: RoomClient, { streamId, sessionId }: Received<'subscribe'>): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      const message = 'There is no such stream.';
      viewer.deliver({ type: 'error', id: 'unknown-stream', message, streamId });
      return;
    }
    const open = [...this.#sessions.values()].find(
      (session) => session.viewer === viewer && session.streamId === streamId,
    );
    const session = open ?? { sessionId: sessionId ?? randomId(), streamId, viewer };
    this.#sessions.set(session.sessionId, session);
    this.#announce(session, viewer);
    this.#announce(session, stream.publisher);
    this.#tellNews(streamId);
  }

  #announce({ sessionId, streamId, viewer }: Session, to: RoomClient): void {
    const isViewer = to === viewer;
    const role = isViewer ? 'subscriber' : 'publisher';
    const peerRole = isViewer ? 'phone' : viewer.role;
    to.deliver({ type: 'session-opened', session: { sessionId, streamId, role, peerRole } });
  }

  #close(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    this.#sessions.delete(sessionId);
    for (const end of [session.viewer, this.#publisherOf(session)]) {
      end?.deliver({ type: 'session-closed', sessionId, reason: 'unsubscribed' });
    }
    this.#tellNews(session.streamId);
  }

  #relay(from: RoomClient, signal: SignalMessage): void {
    this.signals.push(signal);
    const { sessionId } = signal;
    const session = this.#sessions.get(sessionId);
    if (session === undefined) {
      const message = 'There is no such session.';
      from.deliver({ type: 'error', id: 'unknown-session', message, answers: 'signal', sessionId });
      return;
    }
    if (this.losesSignal(signal)) return;
    const to = from === session.viewer ? this.#publisherOf(session) : session.viewer;
    to?.deliver(signal);
  }

  #publisherOf({ streamId }: Session): RoomClient | undefined {
    return this.#streams.get(streamId)?.publisher;
  }

  #tellNews(streamId: string): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#tell(stream, { type: 'stream-updated', stream: this.#describe(stream) });
  }

  #tell(stream: RoomStream, message: ServerMessage): void {
    for (const client of this.#clients) {
      if (client.type === 'viewer' || client === stream.publisher) client.deliver(message);
    }
  }

  #describe({ info, publisher }: RoomStream): StreamInfo {
    return {
      ...info,
      connection: publisher.welcome === undefined ? 'reconnecting' : 'connected',
      viewerCount: this.viewerCount(info.streamId),
    };
  }
}

interface RoomClientEvents {
  welcomed: (welcome: Welcome) => void;
  message: (message: ServerMessage) => void;
}

/** One page's end of the room. */
export class RoomClient implements SignalingPort {
  readonly id = randomId();
  readonly type: ClientType;
  /** What a viewer may do; streamers are phones. */
  role: Role = 'operator';
  /** The room remembers it: its next welcome is a resumed one. */
  isKnown = false;
  /** As a test sets them; the room has none of its own. */
  iceServers: readonly IceServer[] = [];
  readonly #room: MemoryRoom;
  readonly #events = createNanoEvents<RoomClientEvents>();
  #welcome: Welcome | undefined;
  /** Number of the present connection: what was sent over another never arrives. */
  #connection = 0;

  constructor(room: MemoryRoom, type: ClientType) {
    this.#room = room;
    this.type = type;
  }

  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  check(): void {
    // A room in memory never goes silent: there is nothing to find out.
  }

  send(message: ClientMessageInput): boolean {
    if (this.#welcome === undefined) return false;
    const decoded = decodeClientMessage(encode(message));
    if (!decoded.ok) throw new Error(decoded.error.message);
    this.#later(() => this.#room.receive(this, decoded.value));
    return true;
  }

  on<E extends keyof RoomClientEvents>(event: E, listener: RoomClientEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  connect(): void {
    this.#connection += 1;
    this.#later(() => {
      const welcome = this.#room.welcome(this);
      this.#welcome = welcome;
      this.#events.emit('welcomed', welcome);
    });
  }

  /** The socket is gone; the room keeps what belongs to this client. */
  disconnect(): void {
    this.#connection += 1;
    this.#welcome = undefined;
  }

  /** The page is reloaded: whatever listened is gone, and the room has not noticed anything else. */
  reload(): void {
    this.disconnect();
    this.#events.events = {};
  }

  /** Called by the room. What is sent to a client without a connection is lost. */
  deliver(message: ServerMessage): void {
    if (this.#welcome === undefined) return;
    const decoded = decodeServerMessage(encode(message));
    if (!decoded.ok) throw new Error(decoded.error.message);
    this.#later(() => this.#events.emit('message', decoded.value));
  }

  #later(task: () => void): void {
    const connection = this.#connection;
    queueMicrotask(() => {
      if (connection === this.#connection) task();
    });
  }
}
