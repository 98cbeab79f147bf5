import { describe, expect, test } from 'vitest';
import { joinAddresses, reachableHosts, serverUrls } from './addresses';

type Address = NonNullable<Parameters<typeof reachableHosts>[1][string]>[number];

function ipv4(address: string, internal = false): Address {
  const rest = { netmask: '255.255.255.0', mac: '00:00:00:00:00:00', cidr: null };
  return { address, family: 'IPv4', internal, ...rest };
}

function ipv6(address: string, internal = false): Address {
  const rest = { netmask: 'ffff::', mac: '00:00:00:00:00:00', cidr: null, scopeid: 0 };
  return { address, family: 'IPv6', internal, ...rest };
}

const INTERFACES = {
  lo: [ipv4('127.0.0.1', true), ipv6('::1', true)],
  docker0: [ipv4('172.17.0.1')],
  eth0: [ipv4('192.168.1.5'), ipv6('fe80::1'), ipv6('2001:db8::5'), ipv6('fd00::5')],
};

test('every IPv4 network: this machine first, networks inside it last', () => {
  expect(reachableHosts('0.0.0.0', INTERFACES)).toEqual(['127.0.0.1', '192.168.1.5', '172.17.0.1']);
});

test('every network: routable IPv6 too, in brackets', () => {
  expect(reachableHosts('::', INTERFACES)).toEqual([
    '127.0.0.1',
    '192.168.1.5',
    '172.17.0.1',
    '[2001:db8::5]',
    '[fd00::5]',
  ]);
});

test('one address: only that', () => {
  expect(reachableHosts('192.168.1.5', INTERFACES)).toEqual(['192.168.1.5']);
  expect(reachableHosts('::1', INTERFACES)).toEqual(['[::1]']);
  expect(reachableHosts('localhost', INTERFACES)).toEqual(['localhost']);
});

test('urls of all that is served', () => {
  const urls = serverUrls({ host: '127.0.0.1', port: 81 }, INTERFACES, undefined);
  expect(urls).toEqual({
    stream: ['http://127.0.0.1:81/stream'],
    mobileStream: ['http://127.0.0.1:81/mobile-stream.html'],
    liveStreams: ['http://127.0.0.1:81/live-streams'],
    ws: ['ws://127.0.0.1:81/ws'],
    health: ['http://127.0.0.1:81/healthz'],
  });
});

test('over plain HTTP only this machine is given a camera', () => {
  const join = joinAddresses({ host: '0.0.0.0', port: 81 }, { eth0: INTERFACES.eth0 }, undefined);
  expect(join).toEqual([
    { url: 'http://127.0.0.1:81/stream', network: 'this-machine', cameraAllowed: true },
    { url: 'http://192.168.1.5:81/stream', network: 'lan', cameraAllowed: false },
  ]);
  expect(joinAddresses({ host: '::1', port: 81 }, {}, undefined)[0]).toMatchObject({
    cameraAllowed: true,
  });
  expect(joinAddresses({ host: '10.0.0.9', port: 81 }, {}, undefined)[0]).toMatchObject({
    network: 'lan',
  });
});

test('the LAN comes before tunnels, link-local addresses and networks inside this machine', () => {
  const interfaces = {
    docker0: [ipv4('172.17.0.1')],
    tailscale0: [ipv4('100.101.1.1')],
    eth1: [ipv4('169.254.3.3')],
    wlan0: [ipv4('10.0.0.7')],
  };
  expect(reachableHosts('0.0.0.0', interfaces)).toEqual([
    '127.0.0.1',
    '10.0.0.7',
    '169.254.3.3',
    '100.101.1.1',
    '172.17.0.1',
  ]);
});

describe('with TLS', () => {
  const own = { names: [], covers: (host: string) => host !== '[2001:db8::5]', trustPort: 82 };

  test('all URLs are secure but the way in, at hosts that the certificate covers', () => {
    const urls = serverUrls({ host: '::', port: 81, tls: own }, INTERFACES, undefined);
    expect(urls.stream).toEqual([
      'https://127.0.0.1:81/stream',
      'https://192.168.1.5:81/stream',
      'https://172.17.0.1:81/stream',
      'https://[fd00::5]:81/stream',
    ]);
    expect(urls.ws[1]).toBe('wss://192.168.1.5:81/ws');
    expect(urls.trust?.[1]).toBe('http://192.168.1.5:82/trust');
  });

  test('every phone is given a camera, so the network leads', () => {
    const join = joinAddresses({ host: '0.0.0.0', port: 81, tls: own }, INTERFACES, undefined);
    expect(join[0]).toEqual({
      url: 'https://192.168.1.5:81/stream',
      network: 'lan',
      cameraAllowed: true,
      trustUrl: 'http://192.168.1.5:82/trust',
    });
    expect(join.at(-1)).toMatchObject({ network: 'this-machine', cameraAllowed: true });
  });

  test('a certificate of names is reached by its names', () => {
    const tls = { names: ['cam.example'], covers: () => false, trustPort: undefined };
    const urls = serverUrls({ host: '0.0.0.0', port: 81, tls }, INTERFACES, undefined);
    expect(urls.stream).toEqual(['https://cam.example:81/stream']);
    expect(urls.trust).toBeUndefined();
  });

  test('one that covers nothing here leaves all addresses', () => {
    const tls = { names: [], covers: () => false, trustPort: undefined };
    const urls = serverUrls({ host: '192.168.1.5', port: 81, tls }, INTERFACES, undefined);
    expect(urls.stream).toEqual(['https://192.168.1.5:81/stream']);
  });
});
