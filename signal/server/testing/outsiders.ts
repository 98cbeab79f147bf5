/**
 * Clients from another address of this machine (RFC 1122 section 3.2.1.3 gives it all of
 * 127.0.0.0/8), which a server that does not exempt loopback counts apart. For tests only.
 */
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../protocol/limits';
import { TestClient } from './test-server';

/** Where outsiders come from. */
export const OUTSIDE = '127.0.0.2';

/** Opens a bare connection. */
export async function outsideSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: OUTSIDE });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await new Promise((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', resolve);
  });
  return socket;
}

/** Resolves when the other end has closed it. */
export function gone(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once('close', () => resolve());
  });
}

/** Opens a WebSocket that says nothing yet. */
export function outsideClient(
  port: number,
  headers: Record<string, string> = {},
): Promise<TestClient> {
  const id = randomUUID();
  const url = `ws://127.0.0.1:${port}/ws/${id}/viewer`;
  return TestClient.connect(url, id, { headers, localAddress: OUTSIDE });
}

/** The HTTP status by which an upgrade is refused; 101 when it is not. */
export function upgradeStatus(
  port: number,
  headers: Record<string, string> = {},
  host = '127.0.0.1',
): Promise<number> {
  const socket = new WebSocket(`ws://${host}:${port}/ws/${randomUUID()}/viewer`, SUBPROTOCOL, {
    headers,
    localAddress: OUTSIDE,
  });
  return new Promise((resolve, reject) => {
    onTestFinished(() => socket.terminate());
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => resolve(101));
    socket.on('error', reject);
  });
}
