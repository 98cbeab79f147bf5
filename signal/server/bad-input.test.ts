/**
 * Everything a client can do wrong. Each case runs beside a phone and a console that go on talking,
 * and must notice nothing.
 */
import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ErrorMessage, SignalPayload } from '../protocol/messages';
import { startWithBystanders } from './testing/bystanders';
import { startServer, type TestClient, type TestServer } from './testing/test-server';

type Setup = NonNullable<Parameters<typeof startServer>[0]>;

/** An offer of about this many bytes. */
function offer(length: number): SignalPayload {
  const description = { type: 'offer', sdp: 'v'.repeat(length), negotiation: 1 } as const;
  return { kind: 'description', description };
}

async function errorFor(client: TestClient, text: string): Promise<ErrorMessage> {
  client.sendText(text);
  return client.next('error');
}

describe('a message that cannot be read is answered, and the connection stays', () => {
  const session = randomUUID();
  test.each([
    ['not JSON', '{"type":', { id: 'invalid-json' }],
    ['not an object', '42', { id: 'unknown-type' }],
    ['no type', '{}', { id: 'unknown-type' }],
    ['unknown type', '{"type":"dance"}', { id: 'unknown-type', answers: 'dance' }],
    ['a server message', '{"type":"draining"}', { id: 'unknown-type', answers: 'draining' }],
    [
      'wrong field',
      '{"type":"subscribe","streamId":"not-a-uuid"}',
      { id: 'invalid-message', answers: 'subscribe' },
    ],
    ['missing field', '{"type":"unpublish"}', { id: 'invalid-message', answers: 'unpublish' }],
    [
      'unknown stream',
      `{"type":"subscribe","streamId":"${session}"}`,
      { id: 'unknown-stream', answers: 'subscribe', streamId: session },
    ],
    [
      'unknown session',
      `{"type":"signal","sessionId":"${session}","payload":{"kind":"end-of-candidates"}}`,
      { id: 'unknown-session', answers: 'signal', sessionId: session },
    ],
    ['second hello', '{"type":"hello","protocolVersion":1}', { id: 'already-welcome' }],
    [
      'forbidden to viewers',
      `{"type":"publish","streamId":"${session}","label":"x","device":{"kind":"phone"},"capture":{"state":"active","hasAudio":false,"microphoneMuted":false}}`,
      { id: 'not-allowed', answers: 'publish' },
    ],
  ])('%s', async (_name, text, error) => {
    const { server, check } = await startWithBystanders();
    const client = await server.join('viewer');
    expect(await errorFor(client, text)).toMatchObject(error);
    await client.settle();
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await check();
  });

  test('until there are too many', async () => {
    const { server, check } = await startWithBystanders();
    const client = await server.join('viewer');
    for (let count = 0; count < 21; count += 1) client.sendText('nonsense');
    expect(await client.closed).toBe(4000);
    await check();
  });
});

describe('a close code says what was wrong', () => {
  async function expectClose(
    code: number,
    act: (server: TestServer) => Promise<TestClient>,
    setup: Setup = {},
  ): Promise<TestClient> {
    const { server, check } = await startWithBystanders(setup);
    const client = await act(server);
    expect(await client.closed).toBe(code);
    await check();
    return client;
  }

  test('a frame beyond 64 KiB', async () => {
    await expectClose(1009, async (server) => {
      const client = await server.join('viewer');
      client.sendText(`"${'x'.repeat(64 * 1024)}"`);
      return client;
    });
  });

  test('a binary frame', async () => {
    await expectClose(1003, async (server) => {
      const client = await server.join('viewer');
      client.socket.send(Buffer.from('{"type":"bye"}'));
      return client;
    });
  });

  test('no hello', async () => {
    await expectClose(4001, (server) => server.connect('viewer'), {
      limits: { helloTimeoutMs: 50 },
    });
  });

  test('anything before hello', async () => {
    const client = await expectClose(4009, async (server) => {
      const early = await server.connect('viewer');
      early.send({ type: 'ping', sentAt: 1 });
      return early;
    });
    expect(client.inbox).toMatchObject([{ type: 'error', id: 'hello-required', answers: 'ping' }]);
  });

  test('another protocol version', async () => {
    const client = await expectClose(4004, async (server) => {
      const other = await server.connect('viewer');
      other.send({ type: 'hello', protocolVersion: 2 });
      return other;
    });
    expect(client.inbox).toMatchObject([{ id: 'unsupported-version', answers: 'hello' }]);
  });

  test.each([undefined, 'w'.repeat(32)])(
    'a second socket for a live id with the token %s',
    async (resumeToken) => {
      const client = await expectClose(4002, async (server) => {
        const owner = await server.join('streamer');
        await owner.settle();
        const second = await server.connect('streamer', owner.id);
        second.send({
          type: 'hello',
          protocolVersion: 1,
          ...(resumeToken === undefined ? {} : { resumeToken }),
        });
        await second.closed;
        await owner.settle();
        return second;
      });
      expect(client.inbox).toMatchObject([{ id: 'id-in-use' }]);
    },
  );

  test('too many clients', async () => {
    const client = await expectClose(
      4005,
      async (server) => {
        const late = await server.connect('viewer');
        late.send({ type: 'hello', protocolVersion: 1 });
        return late;
      },
      { config: { maxClients: 2 } },
    );
    expect(client.inbox).toMatchObject([{ id: 'server-full' }]);
  });

  test('too many messages', async () => {
    const server = await startServer({ limits: { messageBurst: 50, messagesPerSecond: 1 } });
    const other = await server.join('viewer');
    const client = await server.join('viewer');
    for (let count = 0; count < 60; count += 1) client.send({ type: 'ping', sentAt: count });
    expect(await client.closed).toBe(4007);
    expect(client.inbox.at(-1)).toMatchObject({ type: 'error', id: 'too-many-messages' });
    await other.settle();
  });

  test('too many bytes', async () => {
    const server = await startServer({ limits: { byteBurst: 200_000, bytesPerSecond: 1 } });
    const client = await server.join('viewer');
    for (let count = 0; count < 4; count += 1) client.sendText(`"${'x'.repeat(60_000)}"`);
    expect(await client.closed).toBe(4007);
  });

  test('silence', async () => {
    await expectClose(
      4008,
      async (server) => {
        const client = await server.join('viewer');
        // A peer that is gone answers no ping; this one only refuses to.
        client.socket.pong = () => undefined;
        return client;
      },
      { limits: { heartbeatMs: 40 } },
    );
  });
});

test('25 viewers who join at once do not exhaust a publisher with the real limits', async () => {
  const server = await startServer();
  const phone = await server.join('streamer');
  const streamId = await phone.publish();
  const walls = await Promise.all(Array.from({ length: 25 }, () => server.join('viewer')));
  const sessions = await Promise.all(walls.map((wall) => wall.subscribe(streamId)));
  for (const sessionId of sessions) {
    phone.send({ type: 'signal', sessionId, payload: offer(7_900) });
    for (let index = 0; index < 30; index += 1) {
      const candidate = { candidate: 'c'.repeat(120), sdpMid: '0', sdpMLineIndex: 0 };
      phone.send({ type: 'signal', sessionId, payload: { kind: 'candidate', candidate } });
    }
  }
  for (const wall of walls) {
    for (let index = 0; index < 31; index += 1) await wall.next('signal');
  }
  await phone.settle();
});

test('a reader that stops reading is let go, and may come back as itself', async () => {
  const { server, check } = await startWithBystanders({
    config: { logLevel: 'debug' },
  });
  const phone = await server.join('streamer');
  const slow = await server.join('viewer');
  const sessionId = await slow.subscribe(await phone.publish());
  const payload = offer(50_000);
  slow.socket.pause();
  // The kernel's buffers take some megabytes before any of it waits in the server.
  while (!server.log.some((line) => line.includes('"close":"slowReader"'))) {
    for (let count = 0; count < 20; count += 1) phone.send({ type: 'signal', sessionId, payload });
    await phone.settle();
  }
  const back = await server.connect('viewer', slow.id);
  expect(await back.hello(slow.resumeToken)).toMatchObject({ resumed: true });
  slow.socket.resume();
  await slow.closed;
  phone.send({ type: 'signal', sessionId, payload });
  await back.next('signal');
  back.send({ type: 'bye' });
  phone.send({ type: 'bye' });
  await phone.closed;
  await check({ ignoring: ['stream-removed'] });
}, 20_000);

describe('an upgrade is refused', () => {
  async function statusOf(path: string, protocols: string[] = ['sightline.v1']): Promise<number> {
    const server = await startServer();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols);
    socket.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.once('open', () => reject(new Error('It was accepted.')));
    });
  }

  test.each([
    ['/elsewhere', 404],
    ['/ws', 404],
    [`/ws/${randomUUID()}`, 404],
    [`/ws/${randomUUID()}/viewer/more`, 404],
    ['/ws/not-a-uuid/viewer', 400],
    [`/ws/${randomUUID()}/director`, 400],
  ])('at %s', async (path, status) => {
    expect(await statusOf(path)).toBe(status);
  });

  test('without our subprotocol', async () => {
    expect(await statusOf(`/ws/${randomUUID()}/viewer`, [])).toBe(400);
    expect(await statusOf(`/ws/${randomUUID()}/viewer`, ['sightline.v0'])).toBe(400);
  });

  test('to strangers that pile up without a hello', async () => {
    const server = await startServer({ config: { maxClients: 3 } });
    for (let count = 0; count < 3; count += 1) await server.connect('viewer');
    await expect(server.connect('viewer')).rejects.toThrow('503');
  });

  test('and a broken request harms nobody', async () => {
    const { server, check } = await startWithBystanders();
    const raw = connectTcp(server.port, '127.0.0.1');
    onTestFinished(() => void raw.destroy());
    raw.on('error', () => undefined);
    raw.write('GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    raw.resetAndDestroy();
    await check();
  });
});
