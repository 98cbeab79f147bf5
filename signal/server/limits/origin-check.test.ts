import { describe, expect, test } from 'vitest';
import { startWithBystanders } from '../testing/bystanders';
import { upgradeStatus } from '../testing/outsiders';
import { expectRefusals } from '../testing/refusals-of';
import { isOwnOrigin, parseOrigin } from './origin-check';

function isOwn(origin: string | undefined, host: string | undefined, wayInPort?: number): boolean {
  const allowed = ['https://desk.example'];
  return isOwnOrigin({ origin, host, wayInPort, allowed, mistrustsNames: false });
}

test.each([
  [undefined, 'x:8443'],
  ['app://sightline', 'x:8443'],
  ['https://10.0.0.5:8443', '10.0.0.5:8443'],
  ['http://localhost:8443', 'localhost:8443'],
  ['https://[fd00::1]:8443', '[fd00::1]:8443'],
  ['https://cam.example', 'cam.example'],
  ['https://cam.example', 'cam.example:443'],
  ['http://cam.example', 'cam.example:80'],
  ['https://Studio.local:8443', 'studio.local:8443'],
  ['https://desk.example', '10.0.0.5:8443'],
])('a page of %j is one of our own at %j', (origin, host) => {
  expect(isOwn(origin, host)).toBe(true);
});

test.each([
  ['https://evil.example', '10.0.0.5:8443'],
  ['https://10.0.0.5', '10.0.0.5:8443'],
  ['https://10.0.0.5:8444', '10.0.0.5:8443'],
  ['https://10.0.0.5:8443.evil.example', '10.0.0.5:8443'],
  ['https://evil.example/10.0.0.5:8443', '10.0.0.5:8443'],
  ['null', '10.0.0.5:8443'],
  ['', '10.0.0.5:8443'],
  ['file://', '10.0.0.5:8443'],
  ['app://other', '10.0.0.5:8443'],
  ['chrome-extension://abc', 'abc'],
  ['https://10.0.0.5:8443', undefined],
  ['http://10.0.0.5:8080', '10.0.0.5:8443'],
  ['nonsense', 'nonsense'],
  ['https://desk.example.evil.example', 'x'],
])('a page of %j is a stranger at %j', (origin, host) => {
  expect(isOwn(origin, host)).toBe(false);
});

test('the page of the plain way in may look whether it is trusted by now', () => {
  expect(isOwn('http://10.0.0.5:8080', '10.0.0.5:8443', 8080)).toBe(true);
  expect(isOwn('http://studio.local', 'studio.local:8443', 80)).toBe(true);
  expect(isOwn('http://[fd00::1]:8080', '[fd00::1]:8443', 8080)).toBe(true);
  expect(isOwn('https://10.0.0.5:8080', '10.0.0.5:8443', 8080)).toBe(false);
  expect(isOwn('http://10.0.0.6:8080', '10.0.0.5:8443', 8080)).toBe(false);
});

test.each([
  ['http://rebound.example:8443', false],
  ['http://10.0.0.5.example:8443', false],
  ['http://10.0.0.5:8443', true],
  ['http://[fd00::1]:8443', true],
  ['http://localhost:8443', true],
  ['http://studio.local:8443', true],
  ['http://studio:8443', true],
  ['https://desk.example', true],
])('an open room takes the word of %s: %s', (origin, expected) => {
  const { host } = new URL(origin);
  const allowed = ['https://desk.example'];
  const question = { origin, host, wayInPort: undefined, allowed, mistrustsNames: true };
  expect(isOwnOrigin(question)).toBe(expected);
});

test('an origin is nothing but an origin', () => {
  expect(parseOrigin('https://Desk.example:443')).toBe('https://desk.example');
  expect(parseOrigin('http://10.0.0.5:9000/')).toBe('http://10.0.0.5:9000');
  for (const bad of [
    'desk.example',
    'https://u:p@x',
    'https://x/path',
    'https://x?y',
    'ftp://x',
    '*',
  ]) {
    expect(parseOrigin(bad)).toBeUndefined();
  }
});

describe('on a real server', () => {
  test('foreign pages are refused and counted, own ones connect', async () => {
    const { server, check } = await startWithBystanders();
    const own = `http://127.0.0.1:${server.port}`;
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', `${own}0`]) {
      expect(await upgradeStatus(server.port, { origin })).toBe(403);
    }
    for (const origin of [own, 'app://sightline']) {
      expect(await upgradeStatus(server.port, { origin })).toBe(101);
    }
    await expectRefusals(server, 'origin', 4);
    await check();
  });

  test('a trusted proxy says where the page is, and further ones can be named', async () => {
    const config = { trustedProxies: ['127.0.0.2'], allowedOrigins: ['https://desk.example'] };
    const { server, check } = await startWithBystanders({ config });
    const forwarded = { 'x-forwarded-host': 'cam.example', 'x-forwarded-proto': 'https' };
    const status = (origin: string) => upgradeStatus(server.port, { ...forwarded, origin });
    expect(await status('https://cam.example')).toBe(101);
    expect(await status('https://desk.example')).toBe(101);
    expect(await status(`http://127.0.0.1:${server.port}`)).toBe(403);
    await check();
  });
});
