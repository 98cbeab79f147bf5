/** What one address can do to a server, from outside; a phone and a console notice nothing. */
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../protocol/close-codes';
import { PROTOCOL_VERSION } from '../../protocol/limits';
import { startWithBystanders } from '../testing/bystanders';
import { expectRefusals } from '../testing/refusals-of';
import { gone, outsideClient, outsideSocket, upgradeStatus } from '../testing/outsiders';
import { keyIn, startServer } from '../testing/test-server';
import type { Limits } from './limits';

function start(limits: Partial<Limits>) {
  return startWithBystanders({ limits: { exemptsLoopback: false, ...limits } });
}

test('connections opened too fast are cut off', async () => {
  const { server, check } = await start({ attemptsPerSecond: 3 });
  const sockets = await Promise.all(Array.from({ length: 60 }, () => outsideSocket(server.port)));
  // Ten seconds' worth at once, and what came back meanwhile.
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBeGreaterThan(20);
  expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeGreaterThanOrEqual(30);
  await expectRefusals(server, 'attempts', 21);
  await check();
});

test('too many open connections are cut off, and make room when they close', async () => {
  const { server, check } = await start({ connectionsPerAddress: 3 });
  const idle = [];
  for (let count = 0; count < 3; count += 1) idle.push(await outsideSocket(server.port));
  await gone(await outsideSocket(server.port));
  await expectRefusals(server, 'connections');
  for (const socket of idle) {
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  }
  await expect.poll(() => upgradeStatus(server.port).catch(() => 0)).toBe(101);
  await check();
});

test('too many requests get a short answer, and are over', async () => {
  const { server, check } = await start({ requestsPerSecond: 1 });
  const socket = await outsideSocket(server.port);
  let answers = '';
  socket.on('data', (data) => (answers += String(data)));
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(30));
  await gone(socket);
  expect(answers).toContain('HTTP/1.1 429 ');
  expect(answers).toContain('Retry-After: 1');
  await expectRefusals(server, 'requests');
  await check();
});

test('too many sockets are refused, and make room when they close', async () => {
  const { server, check } = await start({ socketsPerAddress: 2 });
  const first = await outsideClient(server.port);
  await first.hello();
  await (await outsideClient(server.port)).hello();
  expect(await upgradeStatus(server.port)).toBe(429);
  await expectRefusals(server, 'sockets');
  first.socket.close();
  await expect.poll(() => upgradeStatus(server.port)).toBe(101);
  await check();
});

test('strangers that pile up are refused until one has said hello', async () => {
  const { server, check } = await start({ strangersPerAddress: 2 });
  const first = await outsideClient(server.port);
  await outsideClient(server.port);
  expect(await upgradeStatus(server.port)).toBe(429);
  await expectRefusals(server, 'strangers');
  await first.hello();
  expect(await upgradeStatus(server.port)).toBe(101);
  await check();
});

describe('behind a trusted proxy each client is counted by its own address', () => {
  const proxied = (limits: Partial<Limits>) =>
    startWithBystanders({ config: { trustedProxies: ['127.0.0.1', '127.0.0.2'] }, limits });
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('sockets and attempts', async () => {
    const { server, check } = await proxied({ socketsPerAddress: 1, attemptsPerSecond: 0.3 });
    expect(await upgradeStatus(server.port, from('192.0.2.7'))).toBe(101);
    expect(await upgradeStatus(server.port, from('192.0.2.7'))).toBe(429);
    expect(await upgradeStatus(server.port, from('198.51.100.1, 192.0.2.7'))).toBe(429);
    await expectRefusals(server, 'sockets', 2);
    await expect.poll(() => upgradeStatus(server.port, from('192.0.2.7'))).toBe(429);
    await expectRefusals(server, 'attempts');
    expect(await upgradeStatus(server.port, from('192.0.2.8'))).toBe(101);
    await check();
  });

  test('and what anybody else writes counts for nothing', async () => {
    const { server, check } = await start({ socketsPerAddress: 2 });
    for (const address of ['192.0.2.6', '192.0.2.7']) {
      await (await outsideClient(server.port, from(address))).hello();
    }
    expect(await upgradeStatus(server.port, from('192.0.2.8'))).toBe(429);
    await check();
  });
});

describe('wrong keys', () => {
  const hello = { type: 'hello', protocolVersion: PROTOCOL_VERSION } as const;
  const wrong = { ...hello, key: 'w'.repeat(22) };

  async function startWithKeys(maxPending: number) {
    const failedKeys = {
      firstDelayMs: 300,
      longestDelayMs: 600,
      forgetAfterMs: 60_000,
      maxPending,
    };
    const server = await startServer({ config: { access: 'keys' }, limits: { failedKeys } });
    return { server, key: keyIn(server.urls.liveStreams[0]) };
  }

  test('are answered late, and a right one beside them at once', async () => {
    const { server, key } = await startWithKeys(16);
    const guesser = await server.connect('viewer');
    const startedAtMs = performance.now();
    guesser.send(wrong);
    // Later keys on the same socket are not even looked at.
    guesser.send({ ...hello, key });
    const operator = await server.enter('viewer', { key });
    expect(guesser.inbox).toEqual([]);
    expect(await guesser.closed).toBe(CLOSE.keyRefused.code);
    expect(guesser.inbox).toMatchObject([{ type: 'error', id: 'key-refused', answers: 'hello' }]);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(290);
    await operator.settle();
    await expectRefusals(server, 'failed-keys');
  });

  test('too many of them at once are not even answered', async () => {
    const { server, key } = await startWithKeys(1);
    const [first, second] = [await server.connect('viewer'), await server.connect('viewer')];
    for (const guesser of [first, second]) guesser.send(wrong);
    const codes = await Promise.all([first.closed, second.closed]);
    expect(codes.sort()).toEqual([CLOSE.keyRefused.code, CLOSE.tooManyConnections.code]);
    await expectRefusals(server, 'key-floods');
    await (await server.enter('viewer', { key })).settle();
  });

  test('that still wait for their answer do not hold up the end of the server', async () => {
    const { server } = await startWithKeys(16);
    const guesser = await server.connect('viewer');
    guesser.send(wrong);
    await expectRefusals(server, 'failed-keys');
    await server.close();
    expect(await guesser.closed).toBe(CLOSE.draining.code);
  });
});
