/** Clients that take their time, or send too much before they are requests, from outside. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { startWithBystanders } from '../testing/bystanders';
import { rawHttp, requestFor } from '../testing/raw-http';
import { expectRefusals } from '../testing/refusals-of';
import { startSecure } from '../testing/secure-server';
import { LIMITS } from './limits';

const QUICK = { headersTimeoutMs: 200, requestTimeoutMs: 400 };

test.each([
  ['nothing at all', ''],
  ['half a request line', 'GET /str'],
  ['headers without an end', 'GET /stream HTTP/1.1\r\nHost: x\r\n'],
  ['half an upgrade', 'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n'],
])('%s is waited for only so long', async (_name, text) => {
  const { server, check } = await startWithBystanders({ limits: QUICK });
  expect(await rawHttp(server.port, text)).toMatch(/^HTTP\/1\.1 408 /u);
  await expectRefusals(server, 'header-timeouts');
  await check();
});

test('headers that trickle in byte by byte are cut off all the same', async () => {
  const { server, check } = await startWithBystanders({ limits: QUICK });
  const socket = connect(server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\nX: ');
  const trickle = setInterval(() => socket.write('a'), 20);
  onTestFinished(() => clearInterval(trickle));
  await closed;
  await expectRefusals(server, 'header-timeouts');
  await check();
});

test('a body that never ends is not listened to', async () => {
  const { server, check } = await startWithBystanders({ limits: QUICK });
  const request = requestFor('/stream', ['Transfer-Encoding: chunked'], 'POST');
  expect(await rawHttp(server.port, `${request}5\r\nhello\r\n`)).toMatch(/^HTTP\/1\.1 405 /u);
  await check();
});

test('a flood of headers is refused', async () => {
  const { server, check } = await startWithBystanders();
  const one = [`X-Flood: ${'x'.repeat(9_000)}`];
  const many = Array.from({ length: 2_000 }, (_, index) => `X-${index}: y`);
  for (const headers of [one, many]) {
    expect(await rawHttp(server.port, requestFor('/stream', headers))).toMatch(/^HTTP\/1\.1 431 /u);
  }
  expect(await rawHttp(server.port, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /u,
  );
  await expectRefusals(server, 'header-size', 3);
  await check();
});

test('whoever does not take its answers is let go', async () => {
  const { server, check } = await startWithBystanders({ limits: QUICK });
  const socket = connect(server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20_000));
  // Nobody reads, so only a write tells that the other end is gone.
  const probe = setInterval(() => socket.write('G'), 50);
  onTestFinished(() => clearInterval(probe));
  await closed;
  await check();
});

test('a TLS handshake is waited for only so long', async () => {
  const limits = { ...LIMITS, handshakeTimeoutMs: 200 };
  const { server, get } = await startSecure({ limits });
  const silent = connect(server.port, '127.0.0.1');
  onTestFinished(() => void silent.destroy());
  silent.on('error', () => undefined);
  silent.resume();
  await new Promise((resolve) => silent.once('close', resolve));
  const health = async (): Promise<unknown> => JSON.parse((await get('/healthz')).body);
  await expectRefusals({ health }, 'handshake-timeouts');
});

test('nobody holds up the end of a server', async () => {
  const { server } = await startSecure();
  for (const port of [server.port, server.httpPort ?? 0]) {
    const silent = connect(port, '127.0.0.1');
    onTestFinished(() => void silent.destroy());
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
  }
  await server.close();
});

test('a request over TLS is waited for only so long', async () => {
  const { server, ca } = await startSecure({ limits: { ...LIMITS, ...QUICK } });
  const slow = connectTls({ port: server.port, host: '127.0.0.1', ca });
  onTestFinished(() => void slow.destroy());
  slow.on('error', () => undefined);
  slow.write('GET / HTTP/1.1\r\n');
  let answer = '';
  slow.on('data', (data) => (answer += String(data)));
  await new Promise((resolve) => slow.once('close', resolve));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
});
