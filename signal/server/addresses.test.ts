import { expect, test } from 'vitest';
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
  const urls = serverUrls({ host: '127.0.0.1', port: 81 }, INTERFACES);
  expect(urls).toEqual({
    stream: ['http://127.0.0.1:81/stream'],
    mobileStream: ['http://127.0.0.1:81/mobile-stream.html'],
    liveStreams: ['http://127.0.0.1:81/live-streams'],
    ws: ['ws://127.0.0.1:81/ws'],
    health: ['http://127.0.0.1:81/healthz'],
  });
});

test('over plain HTTP only this machine is given a camera', () => {
  const join = joinAddresses({ host: '0.0.0.0', port: 81 }, { eth0: INTERFACES.eth0 });
  expect(join).toEqual([
    { url: 'http://127.0.0.1:81/stream', network: 'this-machine', cameraAllowed: true },
    { url: 'http://192.168.1.5:81/stream', network: 'lan', cameraAllowed: false },
  ]);
  expect(joinAddresses({ host: '::1', port: 81 }, {})[0]).toMatchObject({ cameraAllowed: true });
  expect(joinAddresses({ host: '10.0.0.9', port: 81 }, {})[0]).toMatchObject({ network: 'lan' });
});
