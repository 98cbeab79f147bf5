/** Keys from outside: a real server, real sockets. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ClientType } from '../../protocol/messages';
import {
  emptyDir,
  keyIn,
  startServer,
  type Credentials,
  type TestServer,
} from '../testing/test-server';

async function refusalOf(server: TestServer, clientType: ClientType, credentials: Credentials) {
  const client = await server.connect(clientType);
  client.send({ type: 'hello', protocolVersion: 1, ...credentials });
  const { id, message } = await client.next('error');
  return { id, message, code: await client.closed };
}

function keysOf({ urls }: TestServer) {
  return { operator: keyIn(urls.liveStreams[0]), phone: keyIn(urls.stream[0]) };
}

test('each page link carries the key of its role, and nothing else does', async () => {
  const { urls } = await startServer({ config: { access: 'keys' } });
  const [operator, phone] = [keyIn(urls.liveStreams[0]), keyIn(urls.stream[0])];
  expect(operator).toMatch(/^[\w-]{22}$/u);
  expect(phone).toMatch(/^[\w-]{22}$/u);
  expect(operator).not.toBe(phone);
  expect(keyIn(urls.mobileStream[0])).toBe(phone);
  expect([...urls.ws, ...urls.health].join(' ')).not.toContain('#');
});

test('a key opens the sockets of its role and tells that role', async () => {
  const server = await startServer({ config: { access: 'keys' } });
  const { operator, phone } = keysOf(server);
  const desk = await server.connect('viewer');
  const welcome = await desk.hello({ key: operator });
  expect(welcome.role).toBe('operator');
  expect(welcome.joinAddresses.map(({ url }) => keyIn(url))).toEqual([phone]);
  const camera = await server.connect('streamer');
  const other = await camera.hello({ key: phone });
  expect(other).toMatchObject({ role: 'phone', joinAddresses: [] });
});

test('no key, a wrong one and one of the other kind are refused in their own words', async () => {
  const server = await startServer({ config: { access: 'keys' } });
  const { operator, phone } = keysOf(server);
  const none = await refusalOf(server, 'viewer', {});
  expect(none).toMatchObject({ id: 'key-required', code: 4010 });
  const wrong = await refusalOf(server, 'streamer', { key: 'x'.repeat(22) });
  expect(wrong).toMatchObject({ id: 'key-refused', code: 4011 });
  const asViewer = await refusalOf(server, 'viewer', { key: phone });
  expect(asViewer).toMatchObject({ id: 'key-refused', code: 4011 });
  expect(asViewer.message).toContain('link for phones');
  const asPhone = await refusalOf(server, 'streamer', { key: operator });
  expect(asPhone.message).toContain('link for watching');
  expect(await server.health()).toMatchObject({ clients: 0 });
});

test('who resumes needs no key; a token of a former life is none', async () => {
  const dataDir = await emptyDir();
  const first = await startServer({ config: { access: 'keys', dataDir } });
  const key = keysOf(first).operator;
  const id = randomUUID();
  const desk = await first.enter('viewer', { key }, id);
  desk.vanish();
  const { resumeToken } = desk;
  const back = await first.connect('viewer', id);
  const welcome = await back.hello({ resumeToken });
  expect(welcome).toMatchObject({ resumed: true, role: 'operator' });
  await first.close();
  const second = await startServer({ config: { access: 'keys', dataDir } });
  expect(await refusalOf(second, 'viewer', { resumeToken: back.resumeToken })).toMatchObject({
    id: 'key-required',
  });
  expect(keysOf(second).operator).toBe(key);
});

test('an open room asks nobody and its links carry nothing', async () => {
  const server = await startServer();
  expect(JSON.stringify(server.urls)).not.toContain('#');
  expect((await (await server.connect('viewer')).hello()).role).toBe('operator');
  expect((await (await server.connect('streamer')).hello()).role).toBe('phone');
});
