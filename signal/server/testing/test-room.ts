/** A room with keys and the people in it, over real sockets. For tests only. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ErrorMessage } from '../../protocol/messages';
import type { Command } from '../../protocol/room-messages';
import type { Config } from '../config';
import { createSecret } from '../access/secrets';
import type { Limits } from '../limits/limits';
import {
  emptyDir,
  keyIn,
  startServer,
  type Credentials,
  type TestClient,
  type TestServer,
} from './test-server';

/** What a command was answered. */
export type Answer =
  | { readonly ok: true; readonly key: string | undefined; readonly warning: string | undefined }
  | { readonly ok: false; readonly error: ErrorMessage };

/** A refused hello. */
export interface Refused {
  readonly id: ErrorMessage['id'];
  readonly message: string;
  readonly code: number;
}

/** See the head of this file. */
export class TestRoom {
  readonly server: TestServer;
  readonly dataDir: string;

  private constructor(server: TestServer, dataDir: string) {
    this.server = server;
    this.dataDir = dataDir;
  }

  /** Opens a room that closes with the test. */
  static async open(config: Partial<Config> = {}, limits: Partial<Limits> = {}): Promise<TestRoom> {
    const dataDir = config.dataDir ?? (await emptyDir());
    const server = await startServer({ config: { access: 'keys', ...config, dataDir }, limits });
    return new TestRoom(server, dataDir);
  }

  /** The same room after a restart of its server. */
  async restart(config: Partial<Config> = {}): Promise<TestRoom> {
    await this.server.close();
    return TestRoom.open({ ...config, dataDir: this.dataDir });
  }

  /** Key of the operators' link as the ready line has it. */
  get operatorKey(): string {
    return keyIn(this.server.urls.liveStreams[0]);
  }

  /** Key of the phones' link as the ready line has it. */
  get phoneKey(): string {
    return keyIn(this.server.urls.stream[0]);
  }

  /** Brings an operator in. */
  operator(credentials: Credentials = {}): Promise<TestClient> {
    return this.server.enter('viewer', { key: this.operatorKey, ...credentials });
  }

  /** Brings somebody in who may only watch. */
  async viewer(credentials: Credentials = {}): Promise<TestClient> {
    const { keys } = await (await this.operator()).next('room');
    return this.server.enter('viewer', { key: keys?.viewer ?? '', ...credentials });
  }

  /** Brings a phone in, with a device key of its own. */
  phone(credentials: Credentials = {}, clientId?: string): Promise<TestClient> {
    const own = { key: this.phoneKey, deviceKey: createSecret() };
    return this.server.enter('streamer', { ...own, ...credentials }, clientId);
  }

  /** Knocks where nobody is let in. */
  async refused(
    clientType: 'streamer' | 'viewer',
    credentials: Credentials,
    clientId?: string,
  ): Promise<Refused> {
    const client = await this.server.connect(clientType, clientId);
    client.send({ type: 'hello', protocolVersion: 1, ...credentials });
    const { id, message } = await client.next('error');
    return { id, message, code: await client.closed };
  }
}

/** Commands, and waits for the answer. */
export function command(client: TestClient, wanted: Command): Promise<Answer> {
  const requestId = randomUUID();
  client.send({ type: 'moderate', requestId, command: wanted });
  return client.take<Answer>(`answer to ${wanted.kind}`, (message) => {
    if (message.type === 'done' && message.requestId === requestId) {
      return { ok: true, key: message.key, warning: message.warning };
    }
    return message.type === 'error' && message.requestId === requestId
      ? { ok: false, error: message }
      : undefined;
  });
}

/** Asks to be put on the wall, whatever comes of it; the stream's id. */
export function askToPublish(phone: TestClient, streamId: string = randomUUID()): string {
  phone.send({
    type: 'publish',
    streamId,
    label: 'Door',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
  });
  return streamId;
}

/** Whether a client is still connected, once the server has handled what was sent before. */
export async function isStillIn(client: TestClient): Promise<boolean> {
  await client.settle();
  return client.socket.readyState === WebSocket.OPEN;
}
