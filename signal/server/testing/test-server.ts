/** A server on a free port, and clients that speak to it over real sockets. For tests only. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { decodeServerMessage } from '../../protocol/codec';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../../protocol/limits';
import type {
  ClientMessageInput,
  ClientType,
  Hello,
  ServerMessage,
  Welcome,
} from '../../protocol/messages';
import type { Config } from '../config';
import { createServer, type RunningServer } from '../create-server';
import { LIMITS, type Limits } from '../limits/limits';

/** A configuration for tests: this machine only, a free port, no log. */
export const TEST_CONFIG: Config = {
  host: '127.0.0.1',
  port: 0,
  tls: { mode: 'off' },
  httpPort: undefined,
  dataDir: '/nonexistent/sightline-data',
  trustedProxies: [],
  access: 'open',
  name: 'Test',
  discovery: false,
  iceServers: [],
  turnRest: undefined,
  allowedOrigins: [],
  limits: LIMITS,
  metrics: true,
  maxClients: 500,
  maxStreams: 100,
  resumeWindowMs: 30_000,
  logLevel: 'silent',
  json: true,
};

/** A server that closes with the test, and what it wrote to its log. */
export interface TestServer extends RunningServer {
  readonly log: readonly string[];
  connect(clientType: ClientType, clientId?: string): Promise<TestClient>;
  /** Connects and says hello. */
  join(clientType: ClientType, clientId?: string, resumeToken?: string): Promise<TestClient>;
  /** The same with a key. */
  enter(clientType: ClientType, credentials: Credentials, clientId?: string): Promise<TestClient>;
  health(): Promise<unknown>;
}

/** What a client may show beside its id. */
export type Credentials = Pick<Hello, 'resumeToken' | 'key' | 'deviceKey' | 'device'>;

/** The key that a link carries. */
export function keyIn(url: string | undefined): string {
  return /#key=(?<key>[\w-]+)$/u.exec(url ?? '')?.groups?.['key'] ?? '';
}

/** Starts a server that closes when the test ends. */
export async function startServer({
  config = {},
  limits = {},
  turnTtlSeconds,
  pagesDir,
}: {
  config?: Partial<Config>;
  limits?: Partial<Limits>;
  turnTtlSeconds?: number;
  pagesDir?: string;
} = {}): Promise<TestServer> {
  const log: string[] = [];
  const { createLogger } = await import('../logger');
  const dataDir = await emptyDir();
  const settings = { ...TEST_CONFIG, dataDir, limits: { ...LIMITS, ...limits }, ...config };
  const server = await createServer({
    config: settings,
    logger:
      settings.logLevel === 'silent'
        ? pino({ level: 'silent' })
        : createLogger(settings, { write: (line) => log.push(line) }),
    pagesDir: pagesDir ?? (await emptyDir()),
    ...(turnTtlSeconds === undefined ? {} : { turnTtlSeconds }),
  });
  onTestFinished(() => server.close());
  const base = `127.0.0.1:${server.port}`;
  const connect = (clientType: ClientType, clientId: string = randomUUID()) =>
    TestClient.connect(`ws://${base}/ws/${clientId}/${clientType}`, clientId);
  return {
    ...server,
    log,
    connect,
    async join(clientType, clientId, resumeToken) {
      const client = await connect(clientType, clientId);
      await client.hello(resumeToken);
      return client;
    },
    async enter(clientType, credentials, clientId) {
      const client = await connect(clientType, clientId);
      await client.hello(credentials);
      return client;
    },
    async health() {
      return (await fetch(`http://${base}/healthz`)).json();
    },
  };
}

/** A folder that goes with the test. */
export async function emptyDir(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A client that keeps all it hears until somebody asks for it. */
export class TestClient {
  readonly id: string;
  readonly socket: WebSocket;
  /** What came and was not asked for yet, oldest first. */
  readonly inbox: ServerMessage[] = [];
  /** The same as text. */
  readonly frames: string[] = [];
  /** Resolves when the socket is closed, with its close code. */
  readonly closed: Promise<number>;
  resumeToken = '';
  #wake: (() => void) | undefined;

  private constructor(socket: WebSocket, id: string) {
    this.id = id;
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const decoded = decodeServerMessage(text);
      if (!decoded.ok) throw new Error(`The server sent nonsense: ${decoded.error.message}`);
      this.frames.push(text);
      this.inbox.push(decoded.value);
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        resolve(code);
        this.#wake?.();
      });
    });
    onTestFinished(() => socket.terminate());
  }

  /** Opens a socket; rejects when the server refuses it. */
  static async connect(
    url: string,
    id: string,
    options: { ca?: string; headers?: Record<string, string>; localAddress?: string } = {},
  ): Promise<TestClient> {
    const socket = new WebSocket(url, SUBPROTOCOL, options);
    const client = new TestClient(socket, id);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Says hello and waits for the welcome. */
  async hello(shown?: string | Credentials): Promise<Welcome> {
    const credentials = typeof shown === 'string' ? { resumeToken: shown } : shown;
    this.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, ...credentials });
    const welcome = await this.next('welcome');
    this.resumeToken = welcome.resumeToken;
    return welcome;
  }

  send(message: ClientMessageInput): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** Puts a stream on the wall; resolves with its id. */
  async publish(streamId: string = randomUUID(), label = 'Camera'): Promise<string> {
    this.send({
      type: 'publish',
      streamId,
      label,
      device: { kind: 'phone' },
      capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    });
    await this.next('stream-added', ({ stream }) => stream.streamId === streamId);
    return streamId;
  }

  /** Watches a stream; resolves with the session's id. */
  async subscribe(streamId: string): Promise<string> {
    this.send({ type: 'subscribe', streamId });
    const opened = await this.next(
      'session-opened',
      ({ session }) => session.streamId === streamId,
    );
    return opened.session.sessionId;
  }

  /** Waits until the server has handled all that was sent before. */
  async settle(): Promise<void> {
    const sentAt = performance.now();
    this.send({ type: 'ping', sentAt });
    await this.next('pong', (pong) => pong.sentAt === sentAt);
  }

  /** Takes the next message of a type out of the inbox, waiting for it; others stay. */
  next<T extends ServerMessage['type']>(
    type: T,
    matches: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    return this.take(type, (message) =>
      isOfType(message, type) && matches(message) ? message : undefined,
    );
  }

  /**
   * The same for whatever is picked.
   * @param what - names it in the error when none comes
   */
  async take<R>(what: string, pick: (message: ServerMessage) => R | undefined): Promise<R> {
    for (;;) {
      for (const [index, message] of this.inbox.entries()) {
        const picked = pick(message);
        if (picked !== undefined) {
          this.inbox.splice(index, 1);
          return picked;
        }
      }
      if (this.socket.readyState === WebSocket.CLOSED) {
        throw new Error(`Closed while waiting for ${what}; heard ${this.#heard()}`);
      }
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`No ${what} came; heard ${this.#heard()}`));
        }, 4_000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Breaks the connection as a vanished phone does: no close frame. */
  vanish(): void {
    this.socket.terminate();
  }

  #heard(): string {
    return this.inbox.map((message) => message.type).join(', ') || 'nothing';
  }
}

function isOfType<T extends ServerMessage['type']>(
  message: ServerMessage,
  type: T,
): message is Extract<ServerMessage, { type: T }> {
  return message.type === type;
}
