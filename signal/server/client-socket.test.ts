import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { ClientSocket, type ClientSocketListener } from './client-socket';
import { LIMITS } from './limits/limits';
import { Refusals } from './limits/refusals';
import { createLogger } from './logger';
import { Traffic } from './metrics/traffic';

const HELLO = '{"type":"hello","protocolVersion":1}';

/** As much of a `ws` socket as is used. */
class FakeSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly close = vi.fn();
  readonly terminate = vi.fn();
  readonly ping = vi.fn();

  send(frame: Buffer): void {
    this.sent.push(frame.toString());
  }

  receive(text: string): void {
    this.emit('message', Buffer.from(text), false);
  }
}

function openSocket(overrides: Partial<ClientSocketListener> = {}) {
  const socket = new FakeSocket();
  const wire = new PassThrough();
  const log: string[] = [];
  const listener = {
    onHello: (client: ClientSocket) => client.welcome([]),
    onConfirmed: vi.fn(),
    onMessage: vi.fn(),
    onLost: vi.fn(),
    onClosed: vi.fn(),
    ...overrides,
  };
  const client = new ClientSocket(
    socket as unknown as WebSocket,
    {
      id: 1,
      clientId: 'c',
      clientType: 'viewer',
      publicOrigin: undefined,
      address: '192.168.1.7',
      place: { welcomed: vi.fn(), closed: vi.fn() },
      wire,
    },
    {
      limits: LIMITS,
      refusals: new Refusals(),
      traffic: new Traffic(),
      nowMs: () => 0,
      logger: createLogger({ logLevel: 'error', json: true }, { write: (line) => log.push(line) }),
      listener,
    },
  );
  onTestFinished(() => client.terminate());
  return { socket, wire, client, listener, log };
}

function fail(): never {
  throw new Error('Nobody thought of this');
}

test('an answer that goes wrong ends its own socket, and is told with where it went wrong', () => {
  const { socket, listener, log } = openSocket({ onHello: fail });
  expect(() => socket.receive(HELLO)).not.toThrow();
  expect(socket.terminate).toHaveBeenCalledOnce();
  expect(listener.onLost).toHaveBeenCalledOnce();
  expect(log.join('')).toMatch(/"level":"error".*Nobody thought of this.*client-socket\.test/u);
  socket.receive(HELLO);
  expect(log).toHaveLength(1);
});

test('what a later frame replaces is left out while the reader is behind', () => {
  const { socket, client } = openSocket();
  socket.receive(HELLO);
  client.sendPassing(Buffer.from('first'));
  socket.bufferedAmount = 200 * 1024;
  client.sendPassing(Buffer.from('second'));
  client.sendText('news');
  socket.bufferedAmount = 0;
  client.sendPassing(Buffer.from('third'));
  expect(socket.sent).toEqual(['first', 'news', 'third']);
  expect(socket.close).not.toHaveBeenCalled();
});

test('what is sent in one turn leaves together, and nothing stays behind', async () => {
  const { socket, wire, client } = openSocket();
  socket.receive(HELLO);
  client.sendText('first');
  client.sendText('second');
  expect(wire.writableCorked).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(wire.writableCorked).toBe(0);
  client.sendText('third');
  expect(wire.writableCorked).toBe(1);
});
