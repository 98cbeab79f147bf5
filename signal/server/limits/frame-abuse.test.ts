/** WebSocket frames by hand, as no honest client sends them; a phone and a console notice nothing. */
import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SUBPROTOCOL } from '../../protocol/limits';
import { startWithBystanders } from '../testing/bystanders';
import { expectRefusals } from '../testing/refusals-of';
import type { Limits } from './limits';
import type { RefusalReason } from './refusals';

/** Opcodes and bits of RFC 6455 section 5.2. */
const TEXT = 0x1;
const CONTINUATION = 0x0;
const PING = 0x9;
const PONG = 0xa;
const FIN = 0x80;
const RSV1 = 0x40;

function frame(head: number, payload: Buffer | string = '', declared?: bigint): Buffer {
  const body = Buffer.from(payload);
  const length = declared ?? BigInt(body.length);
  const header = Buffer.alloc(length < 126n ? 6 : 14);
  header[0] = head;
  header[1] = 0x80 | (length < 126n ? Number(length) : 127);
  if (length >= 126n) header.writeBigUInt64BE(length, 2);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([header, body]);
}

/** A WebSocket after its upgrade, as bytes. */
class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (data) => (this.received = Buffer.concat([this.received, data])));
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
  }

  static async open(port: number, headers: readonly string[] = []): Promise<RawClient> {
    const client = new RawClient(connect(port, '127.0.0.1'));
    const request = [
      `GET /ws/${randomUUID()}/viewer HTTP/1.1`,
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
      ...headers,
    ];
    client.socket.write(`${request.join('\r\n')}\r\n\r\n`);
    await expect.poll(() => client.received.includes('\r\n\r\n')).toBe(true);
    return client;
  }

  /** Close code of the last frame that came. */
  async closeCode(): Promise<number | undefined> {
    await this.closed;
    const at = this.received.lastIndexOf(Buffer.from([FIN | 0x8]));
    return at < 0 ? undefined : this.received.readUInt16BE(at + 2);
  }
}

const HELLO = frame(FIN | TEXT, '{"type":"hello","protocolVersion":1}');

async function start(limits: Partial<Limits> = {}) {
  const { server, check } = await startWithBystanders({ limits });
  return {
    server,
    check,
    open: (headers?: readonly string[]) => RawClient.open(server.port, headers),
  };
}

test('compression is not agreed to, however it is asked for', async () => {
  const { open, check } = await start();
  const client = await open([
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  ]);
  expect(client.received.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /u);
  expect(client.received.toString('latin1').toLowerCase()).not.toContain('extensions');
  await check();
});

describe('is closed', () => {
  const bomb = deflateRawSync(Buffer.alloc(50 * 1024 * 1024));
  const cases: [string, () => Buffer[], number, RefusalReason][] = [
    [
      'a frame that would unpack to 50 MiB',
      () => [frame(FIN | RSV1 | TEXT, bomb)],
      1002,
      'unreadable',
    ],
    [
      'a frame that claims to be huge',
      () => [frame(FIN | TEXT, '', 2n ** 40n)],
      1009,
      'frame-size',
    ],
    [
      'a message too large in fragments',
      () => [frame(TEXT, 'x'.repeat(40_000)), frame(FIN | CONTINUATION, 'x'.repeat(40_000))],
      1009,
      'frame-size',
    ],
    [
      'a message in empty fragments',
      () => [frame(TEXT, '{'), ...Array.from({ length: 100 }, () => frame(CONTINUATION))],
      1008,
      'frame-size',
    ],
    ['a fragment without a beginning', () => [frame(FIN | CONTINUATION, '{}')], 1002, 'unreadable'],
    ['an unmasked frame', () => [Buffer.from([FIN | TEXT, 2, 0x7b, 0x7d])], 1002, 'unreadable'],
    ['an unknown opcode', () => [frame(FIN | 0x5, '{}')], 1002, 'unreadable'],
    ['broken UTF-8', () => [frame(FIN | TEXT, Buffer.from([0xff, 0xfe]))], 1007, 'unreadable'],
  ];
  test.each(cases)('%s', async (_name, frames, code, reason) => {
    const { server, open, check } = await start();
    const client = await open();
    client.socket.write(Buffer.concat([HELLO, ...frames()]));
    expect(await client.closeCode()).toBe(code);
    await expectRefusals(server, reason);
    await check();
  });
});

describe('is cut off', () => {
  const flood = async (
    one: Buffer,
    limits: Partial<Limits>,
    reason: RefusalReason,
    begin: Buffer = Buffer.alloc(0),
  ) => {
    const { server, open, check } = await start(limits);
    const client = await open();
    client.socket.write(Buffer.concat([HELLO, begin]));
    const many = Buffer.concat(Array.from({ length: 2_000 }, () => one));
    const write = (): void => {
      while (!client.socket.destroyed && client.socket.write(many)) continue;
    };
    client.socket.on('drain', write);
    write();
    await client.closed;
    await expectRefusals(server, reason);
    await check();
  };
  // The bystanders of these talk little enough for the limit.
  const messages = { messageBurst: 20_000, messagesPerSecond: 10_000 };
  const bytes = { byteBurst: 20_000_000, bytesPerSecond: 1_000_000 };

  test('a flood of pings', () => flood(frame(FIN | PING, 'x'), messages, 'messages'));
  test('a flood of pongs', () => flood(frame(FIN | PONG, 'x'.repeat(125)), bytes, 'bytes'));
  test('a flood of empty fragments', () =>
    flood(frame(CONTINUATION), bytes, 'frame-size', frame(TEXT, '{')));
});

test('deeply nested JSON is answered like any other nonsense', async () => {
  const { open, check } = await start();
  const client = await open();
  client.socket.write(HELLO);
  client.socket.write(frame(FIN | TEXT, '['.repeat(60_000)));
  client.socket.write(frame(FIN | TEXT, `${'['.repeat(30_000)}${']'.repeat(30_000)}`));
  client.socket.write(frame(FIN | TEXT, '{"type":"ping","sentAt":5,"__proto__":{"type":"bye"}}'));
  await expect.poll(() => client.received.includes('"sentAt":5')).toBe(true);
  expect(client.received.toString('latin1').match(/"type":"error"/gu)).toHaveLength(2);
  await check();
});
