/** A WebSocket client that speaks the protocol, for as long as it likes. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../../../signal/protocol/limits';
import * as v from 'valibot';
import type { Target } from './target';

const messageSchema = v.looseObject({ type: v.string() });

/** A message as it came. */
export type Heard = v.InferOutput<typeof messageSchema>;

/** An answer that takes longer does not come, in milliseconds. */
const PATIENCE_MS = 8_000;

/** Where it goes. */
export type Place = Pick<Target, 'host' | 'port' | 'from' | 'isPlain'>;

/** Whose place it takes, and by what right. */
export interface Disguise {
  readonly clientType: 'streamer' | 'viewer';
  readonly clientId?: string;
  readonly key?: string;
  readonly resumeToken?: string;
  readonly deviceKey?: string;
  readonly headers?: Record<string, string>;
  /** Says nothing by itself. */
  readonly isSilent?: boolean;
}

/** See the head of this file. */
export class Intruder {
  readonly heard: Heard[] = [];
  /** What it came to: a close code, an HTTP status, or nothing yet. */
  end: string | undefined;
  readonly socket: WebSocket;

  constructor({ host, port, from, isPlain = false }: Place, disguise: Disguise) {
    const { clientType, clientId = randomUUID(), headers, isSilent = false } = disguise;
    const origin = `${isPlain ? 'ws' : 'wss'}://${host}:${port}`;
    this.socket = new WebSocket(`${origin}/ws/${clientId}/${clientType}`, SUBPROTOCOL, {
      rejectUnauthorized: false,
      perMessageDeflate: false,
      ...(from === undefined ? {} : { localAddress: from }),
      ...(headers === undefined ? {} : { headers }),
    });
    this.socket.on('open', () => {
      if (!isSilent) this.send(helloOf(disguise));
    });
    this.socket.on('message', (data: Buffer) => {
      this.heard.push(v.parse(messageSchema, JSON.parse(data.toString())));
    });
    this.socket.on('unexpected-response', (request, response) => {
      this.end ??= `HTTP ${response.statusCode ?? 0}`;
      request.destroy();
    });
    this.socket.on('error', () => (this.end ??= 'cut off'));
    this.socket.on('close', (code) => (this.end ??= code === 1006 ? 'cut off' : `closed ${code}`));
  }

  /** Says something, if that is possible. */
  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Waits for a message of some type, or for the end. */
  async hears(...types: string[]): Promise<Heard | undefined> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.heard.find(({ type }) => types.includes(type));
      if (found !== undefined) return found;
      if (this.end !== undefined || performance.now() > deadline) return undefined;
      await new Promise((wake) => setTimeout(wake, 10));
    }
  }

  /** Waits for the end; says how it came, or that it did not. */
  async ends(): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.end === undefined && performance.now() < deadline) {
      await new Promise((wake) => setTimeout(wake, 10));
    }
    return this.end ?? 'still open';
  }

  /** Ids of the errors that it was answered. */
  get errors(): string[] {
    return this.heard.filter(({ type }) => type === 'error').map(({ id }) => String(id));
  }

  /** Goes. */
  leave(): void {
    this.socket.terminate();
  }
}

function helloOf({ key, resumeToken, deviceKey }: Disguise): object {
  return {
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    ...(key === undefined ? {} : { key }),
    ...(resumeToken === undefined ? {} : { resumeToken }),
    ...(deviceKey === undefined ? {} : { deviceKey }),
  };
}
