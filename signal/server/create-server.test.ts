import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ListenError } from './listen-error';
import { startServer } from './testing/test-server';

/** Kinds of everything that keeps the process busy: sockets, servers, timers. */
function busyWith(): string[] {
  const own = new Set(['TCPServerWrap', 'TCPSocketWrap', 'Timeout', 'Immediate']);
  return process.getActiveResourcesInfo().filter((kind) => own.has(kind));
}

describe('listening', () => {
  test('on a port in use names the port and the option', async () => {
    const { port } = await startServer();
    const second = startServer({ config: { port } });
    await expect(second).rejects.toThrow(ListenError);
    await expect(second).rejects.toThrow(`Port ${port} is already in use`);
    await expect(second).rejects.toThrow('--port');
  });

  test('on a foreign address names the host option', async () => {
    // An address for documentation (RFC 5737), which no machine should own.
    await expect(startServer({ config: { host: '198.51.100.1' } })).rejects.toThrow('--host');
  });
});

describe('closing', () => {
  test('tells everybody, closes with 1012, and is the same twice', async () => {
    const server = await startServer();
    const clients = [await server.join('streamer'), await server.join('viewer')];
    const stranger = await server.connect('viewer');
    const closing = server.close();
    expect(server.close()).toBe(closing);
    for (const client of clients) {
      await client.next('draining');
      expect(await client.closed).toBe(1012);
    }
    expect(await stranger.closed).toBe(1012);
    expect(stranger.inbox).toEqual([]);
    await closing;
    await expect(server.connect('viewer')).rejects.toThrow('ECONNREFUSED');
  });

  test('does not announce the end of each client to the others', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    await wall.subscribe(await phone.publish());
    await wall.settle();
    const before = wall.frames.length;
    await server.close();
    await wall.closed;
    const since = wall.frames.slice(before).filter((frame) => !frame.includes('stream-updated'));
    expect(since).toEqual(['{"type":"draining"}']);
  });

  test('waits for nobody who does not answer', async () => {
    const server = await startServer({ limits: { closeTimeoutMs: 50 } });
    const deaf = await server.join('viewer');
    deaf.socket.pause();
    const halfRequest = connect(server.port, '127.0.0.1');
    onTestFinished(() => void halfRequest.destroy());
    halfRequest.on('error', () => undefined);
    halfRequest.write('GET / HTTP/1.1\r\n');
    await server.close();
  });

  test('leaves nothing behind after many clients of every kind', async () => {
    const before = busyWith();
    // Several, so that a timer left by each outweighs one of the test runner that ends meanwhile.
    const config = { resumeWindowMs: 100 };
    const servers = [await startServer({ config }), await startServer({ config })];
    for (let round = 0; round < 40; round += 1) {
      const server = servers[round % 2]!;
      const phone = await server.join('streamer');
      const wall = await server.join('viewer');
      await wall.subscribe(await phone.publish());
      const stranger = await server.connect('viewer');
      const polite = await server.join('viewer');
      const refused = await server.connect('viewer');
      refused.send({ type: 'ping', sentAt: 0 });
      polite.send({ type: 'bye' });
      wall.socket.close(1001);
      phone.vanish();
      stranger.vanish();
      await Promise.all([polite, wall, phone, stranger, refused].map(({ closed }) => closed));
    }
    const nobody = { clients: 0, streams: 0, sessions: 0 };
    for (const server of servers) {
      await expect.poll(() => server.health(), { timeout: 3_000 }).toMatchObject(nobody);
      await server.close();
    }
    // The clients' own ends of the sockets take a few turns more; what leaks stays for ever.
    while (busyWith().length > before.length) await new Promise(setImmediate);
  });
});

test('the log of a busy server holds no token, no password and no SDP', async () => {
  const iceServers = [{ urls: ['turn:t.example'], username: 'u', credential: 'TurnPassword1' }];
  const server = await startServer({ config: { logLevel: 'trace', iceServers } });
  const phone = await server.join('streamer');
  const wall = await server.join('viewer');
  const sessionId = await wall.subscribe(await phone.publish());
  const sdp = 'v=0\r\na=ice-ufrag:Frag\r\na=ice-pwd:IcePassword1234567890123\r\n';
  const description = { type: 'offer', sdp, negotiation: 1 } as const;
  phone.send({ type: 'signal', sessionId, payload: { kind: 'description', description } });
  await wall.next('signal');
  phone.send({ type: 'signal', sessionId: wall.id, payload: { kind: 'end-of-candidates' } });
  phone.sendText(`{"type":"hello","protocolVersion":1,"resumeToken":${JSON.stringify(sdp)}`);
  phone.sendText(`{"type":"hello","protocolVersion":"${wall.resumeToken}"}`);
  await phone.settle();
  const thief = await server.connect('streamer', phone.id);
  thief.send({ type: 'hello', protocolVersion: 1, resumeToken: wall.resumeToken });
  await thief.closed;
  const resumed = await server.join('streamer', phone.id, phone.resumeToken);
  resumed.sendText(`"${'x'.repeat(70_000)}"`);
  await resumed.closed;
  await server.close();
  const log = server.log.join('');
  expect(log).toContain('client resumed');
  expect(log).toContain('session opened');
  for (const secret of [
    phone.resumeToken,
    wall.resumeToken,
    resumed.resumeToken,
    'TurnPassword1',
    'IcePassword1234567890123',
    'ice-pwd',
  ]) {
    expect(log).not.toContain(secret);
  }
});
