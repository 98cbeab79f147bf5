import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { plainAddress } from './limits/address-group';
import { startServer, TestClient } from './testing/test-server';
import { hostName, originReader, parseSubnet, proxyTest } from './trusted-proxies';

function request(remoteAddress: string, headers: Record<string, string>): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const message = new IncomingMessage(socket);
  Object.assign(message.headers, headers);
  return message;
}

const FORWARDED = {
  host: '127.0.0.1:8443',
  'x-forwarded-host': 'cam.example',
  'x-forwarded-proto': 'https',
};

describe('what a proxy says', () => {
  test.each(['10.0.0.9', '::ffff:10.0.0.9', 'fd00::9', '192.168.7.7'])(
    'is believed from %s',
    (address) => {
      const read = originReader(proxyTest(['10.0.0.9', 'fd00::/64', '192.168.0.0/16']), false);
      expect(read(request(address, FORWARDED))).toEqual({
        host: 'cam.example',
        isSecure: true,
        isForwarded: true,
        address: plainAddress(address),
      });
    },
  );

  test.each(['10.0.0.8', 'fd01::9', '', '::ffff:10.0.0.8'])(
    'counts for nothing from %j',
    (address) => {
      const read = originReader(proxyTest(['10.0.0.9', 'fd00::/64']), false);
      const own = {
        host: '127.0.0.1:8443',
        isSecure: false,
        isForwarded: false,
        address: plainAddress(address),
      };
      expect(read(request(address, FORWARDED))).toEqual(own);
      expect(originReader(proxyTest([]), false)(request(address, FORWARDED))).toEqual(own);
    },
  );

  test('is what the nearest one wrote, at the end of the list', () => {
    const read = originReader(proxyTest(['10.0.0.9']), false);
    const headers = {
      'x-forwarded-host': 'forged.example, cam.example',
      'x-forwarded-proto': 'https, http',
    };
    expect(read(request('10.0.0.9', headers))).toEqual({
      host: 'cam.example',
      isSecure: false,
      isForwarded: true,
      address: '10.0.0.9',
    });
  });

  test('may leave the host where it was', () => {
    const read = originReader(proxyTest(['10.0.0.9']), false);
    const { 'x-forwarded-proto': proto } = FORWARDED;
    const headers = { host: 'cam.example', 'x-forwarded-proto': proto };
    expect(read(request('10.0.0.9', headers))).toMatchObject({
      host: 'cam.example',
      isSecure: true,
    });
  });
});

describe('the address of a client', () => {
  const read = originReader(proxyTest(['10.0.0.0/24', 'fd00::/64']), false);
  test.each([
    ['10.0.0.9', undefined, '10.0.0.9'],
    ['10.0.0.9', '192.0.2.7', '192.0.2.7'],
    ['10.0.0.9', '198.51.100.1, 192.0.2.7', '192.0.2.7'],
    ['10.0.0.9', '198.51.100.1, 192.0.2.7, 10.0.0.8', '192.0.2.7'],
    ['fd00::1', '2001:db8::7, fd00::2', '2001:db8::7'],
    ['10.0.0.9', '::ffff:192.0.2.7', '192.0.2.7'],
    ['10.0.0.9', '192.0.2.7, unknown', '10.0.0.9'],
    ['10.0.0.9', '192.0.2.7, unknown, 10.0.0.8', '10.0.0.8'],
    ['10.0.0.9', '10.0.0.7, 10.0.0.8', '10.0.0.7'],
    ['192.0.2.7', '198.51.100.1', '192.0.2.7'],
  ])('of %s with X-Forwarded-For %j is %s', (peer, forwardedFor, address) => {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    expect(read(request(peer, headers)).address).toBe(address);
  });
});

test('a host that is none is not repeated', () => {
  const read = originReader(proxyTest([]), true);
  const alike = ['1.2.3.4.5', '256.1.1.1', '[::::]', '[1.2.3.4]', 'xn--a', '999999999999'];
  const unlike = ['evil.example/path', 'a b', 'x:99999', 'x:65536', 'user@host', '[::1', ''];
  for (const host of [...alike, ...unlike]) {
    expect(read(request('10.0.0.1', { host }))).toMatchObject({ host: undefined, isSecure: true });
  }
  for (const host of [
    'studio.local:8443',
    '10.0.0.1',
    '[fd00::1]:80',
    '[::1]',
    'xn--bcher-kva.example',
  ]) {
    expect(read(request('10.0.0.1', { host }))).toMatchObject({ host });
  }
});

test('a client that names no host to a proxy is let in, and harms nobody', async () => {
  const server = await startServer({ config: { trustedProxies: ['127.0.0.1'] } });
  const url = `ws://127.0.0.1:${String(server.port)}/ws/${randomUUID()}/viewer`;
  const headers = { 'X-Forwarded-Host': '1.2.3.4.5', 'X-Forwarded-Proto': 'https' };
  const client = await TestClient.connect(url, randomUUID(), { headers });
  expect((await client.hello()).joinAddresses).not.toEqual([]);
  await server.join('viewer');
});

test('the name of a host has no port', () => {
  expect(hostName('[fd00::1]:8443')).toBe('[fd00::1]');
  expect(hostName('studio.local:8443')).toBe('studio.local');
  expect(hostName('a b')).toBe('');
});

test('an address or a subnet, and nothing else, names a proxy', () => {
  for (const good of ['10.0.0.1', '::1', '10.0.0.0/8', 'fd00::/64']) {
    expect(parseSubnet(good)).toBe(good);
  }
  for (const bad of ['proxy', '10.0.0.0/33', '10.0.0.0/', '::/129', '1.2.3.4/8/8', '/8', '']) {
    expect(parseSubnet(bad)).toBeUndefined();
  }
});
