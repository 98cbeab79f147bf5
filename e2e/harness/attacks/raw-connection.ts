/** Connections by hand, for everything that a proper client would not do. */
import { randomBytes, randomUUID } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SUBPROTOCOL } from '../../../signal/protocol/limits';
import type { Target } from './target';

/** An answer that takes longer does not come, in milliseconds. */
const PATIENCE_MS = 8_000;

/** What has come back by a connection. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that was received so far. */
  received: Buffer;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
}

/** A TCP connection, and nothing on top of it. */
export function openTcp({ host, port, from }: Target): RawConnection {
  return follow(connectTcp({ host, port, ...(from === undefined ? {} : { localAddress: from }) }));
}

/** A TLS connection; resolves when it can be used, and also when it never will be. */
export async function openSecure(target: Target): Promise<RawConnection> {
  const { host } = target;
  const plain = openTcp(target);
  const socket = connectTls({ socket: plain.socket, host, rejectUnauthorized: false });
  const connection = follow(socket);
  await Promise.race([
    new Promise((resolve) => socket.once('secureConnect', resolve)),
    connection.closed,
    plain.closed,
  ]);
  return connection;
}

/** The text of an upgrade request. */
export function upgradeRequest(
  { host, port }: Target,
  {
    clientType = 'streamer',
    headers = [],
  }: { clientType?: 'streamer' | 'viewer'; headers?: readonly string[] } = {},
): string {
  return [
    `GET /ws/${randomUUID()}/${clientType} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    ...headers,
    '\r\n',
  ].join('\r\n');
}

/** Opens a WebSocket by hand; what is received from then on are its frames. */
export async function openRawWebSocket(
  target: Target,
  headers: readonly string[] = [],
): Promise<RawConnection & { readonly response: string }> {
  const connection = await openSecure(target);
  connection.socket.write(upgradeRequest(target, { headers }));
  await receives(connection, (received) => received.includes('\r\n\r\n'));
  const end = connection.received.indexOf('\r\n\r\n');
  const response = connection.received.subarray(0, Math.max(0, end)).toString('latin1');
  connection.received = connection.received.subarray(end < 0 ? 0 : end + 4);
  return Object.assign(connection, { response });
}

/** What a frame is made of (RFC 6455 section 5.2). */
export interface FrameParts {
  readonly opcode: number;
  readonly isFinal?: boolean;
  readonly isCompressed?: boolean;
  readonly isMasked?: boolean;
  readonly payload: Buffer;
  /** A length that is said instead of the true one. */
  readonly claimedLength?: number;
}

/** Writes a frame as its parts say, right or wrong. */
export function frame(parts: FrameParts): Buffer {
  const { opcode, isFinal = true, isCompressed = false, isMasked = true, payload } = parts;
  const length = parts.claimedLength ?? payload.length;
  const first = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : length < 65_536
        ? Buffer.from([first, mask | 126, length >> 8, length & 255])
        : Buffer.from([first, mask | 127, ...longLength(length)]);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, ...(isMasked ? [Buffer.alloc(4)] : []), payload]);
}

/** The close code that a connection received; what else came of it where it received none. */
export async function closeCodeOf(connection: RawConnection): Promise<string> {
  const isClose = (received: Buffer): boolean => findClose(received) !== undefined;
  await receives(connection, isClose);
  const code = findClose(connection.received);
  const isOver = await Promise.race([connection.closed.then(() => true), after(200)]);
  connection.socket.destroy();
  return code === undefined ? (isOver ? 'cut off' : 'still open') : `closed with ${code}`;
}

/** Waits until what was received is as expected, the connection is over, or patience is. */
export async function receives(
  connection: RawConnection,
  isEnough: (received: Buffer) => boolean,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let isOver = false;
  void connection.closed.then(() => (isOver = true));
  const mayGoOn = (): boolean => !isOver && performance.now() < deadline;
  while (!isEnough(connection.received) && mayGoOn()) await after(10);
}

function findClose(received: Buffer): number | undefined {
  // The server's frames are short here, and a close is the last of them.
  for (let at = 0; at + 3 < received.length;) {
    const length = (received[at + 1] ?? 0) & 0x7f;
    const [head, size] = length === 126 ? [4, received.readUInt16BE(at + 2)] : [2, length];
    if (received[at] === 0x88) return received.readUInt16BE(at + head);
    at += head + size;
  }
  return undefined;
}

function longLength(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

function after(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}

function follow(socket: Socket): RawConnection {
  const connection: RawConnection = {
    socket,
    received: Buffer.alloc(0),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
  socket.on('data', (chunk) => {
    connection.received = Buffer.concat([connection.received, chunk]);
  });
  // Being cut off is what most attacks are about.
  socket.on('error', () => undefined);
  return connection;
}
