/** Time-limited TURN credentials over real sockets. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startServer } from './testing/test-server';
import { turnCredentials } from './turn-credentials';

const TURN_REST = { urls: ['turn:turn.example:3478'], secret: 'a-secret-of-the-relay' };

test('each client is welcomed with credentials of its own, good for a day', async () => {
  const server = await startServer({ config: { turnRest: TURN_REST } });
  for (const type of ['streamer', 'viewer'] as const) {
    const client = await server.connect(type);
    const before = Math.floor(Date.now() / 1000);
    const { iceServers } = await client.hello();
    const expiresAt = Number(iceServers[0]?.username?.split(':')[0]);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 86_400);
    expect(expiresAt).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 86_400);
    expect(iceServers).toEqual([
      { urls: TURN_REST.urls, ...turnCredentials(TURN_REST.secret, client.id, expiresAt) },
    ]);
  }
});

test('every client gets new ones before those it has expire, and no log shows any', async () => {
  const server = await startServer({
    config: { turnRest: TURN_REST, logLevel: 'trace' },
    limits: { heartbeatMs: 20 },
    turnTtlSeconds: 4,
  });
  const secrets = [TURN_REST.secret];
  const clients = [await server.connect('streamer'), await server.connect('viewer')];
  const welcomes = await Promise.all(clients.map((client) => client.hello()));
  for (const [index, client] of clients.entries()) {
    const given = welcomes[index]?.iceServers[0];
    const renewed = (await client.next('ice-servers')).iceServers[0];
    const expiresAt = (username = ''): number => Number(username.split(':')[0]);
    expect(Date.now() / 1000).toBeLessThan(expiresAt(given?.username));
    expect(expiresAt(renewed?.username)).toBeGreaterThan(expiresAt(given?.username));
    expect(renewed?.username).toMatch(new RegExp(`:${client.id}$`, 'u'));
    secrets.push(given?.credential ?? '', renewed?.credential ?? '');
  }
  const log = server.log.join('');
  expect(log).toContain('TURN credentials renewed');
  for (const secret of secrets) expect(log).not.toContain(secret);
});

test('nobody is told of servers that are good for ever', async () => {
  const iceServers = [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }];
  const server = await startServer({
    config: { iceServers },
    limits: { heartbeatMs: 10 },
    turnTtlSeconds: 0.02,
  });
  const wall = await server.join('viewer');
  for (let beat = 0; beat < 3; beat += 1) await once(wall.socket, 'ping');
  await wall.settle();
  expect(wall.inbox.filter(({ type }) => type === 'ice-servers')).toEqual([]);
});
