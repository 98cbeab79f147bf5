import { describe, expect, test } from 'vitest';
import { canonicalHost, certificateHosts, type MachineFacts } from './certificate-hosts';
import { constraintsFor } from './name-constraints';

type Interfaces = MachineFacts['interfaces'];

function interfacesOf(...addresses: string[]): Interfaces {
  return {
    eth0: addresses.map((address) => {
      const rest = { address, netmask: '', mac: '', internal: false, cidr: null };
      return address.includes(':')
        ? { ...rest, family: 'IPv6', scopeid: 0 }
        : { ...rest, family: 'IPv4' };
    }),
  };
}

function hosts(facts: Partial<MachineFacts>) {
  return certificateHosts(
    { hostname: 'Studio', interfaces: {}, listenHost: '0.0.0.0', ...facts },
    constraintsFor('Studio'),
  );
}

test('the machine is reached by its names and all private addresses', () => {
  const interfaces = interfacesOf('192.168.1.5', 'FD00:0:0:0:0:0:0:5', 'fe80::1%eth0', '127.0.0.1');
  expect(hosts({ interfaces })).toEqual({
    covered: [
      'localhost',
      'studio',
      'studio.local',
      '127.0.0.1',
      '::1',
      '192.168.1.5',
      'fd00::5',
      'fe80::1',
    ],
    leftOut: [],
  });
});

test('without any network this machine itself is left', () => {
  expect(hosts({}).covered).toEqual(['localhost', 'studio', 'studio.local', '127.0.0.1', '::1']);
});

test('public addresses, foreign names and a name that came later are told apart', () => {
  const interfaces = interfacesOf('8.8.4.4', '2600::1', '10.0.0.2');
  const { covered, leftOut } = hosts({ interfaces, hostname: 'other' });
  expect(leftOut).toEqual(['other', '2600::1', '8.8.4.4']);
  expect(covered).toContain('other.local');
  expect(covered).toContain('10.0.0.2');
});

test('the address to listen on is one of them, a wildcard is none', () => {
  expect(hosts({ listenHost: 'camera.local' }).covered).toContain('camera.local');
  expect(hosts({ listenHost: '10.9.9.9' }).covered).toContain('10.9.9.9');
  expect(hosts({ listenHost: '::' }).covered).not.toContain('::');
});

describe('one spelling', () => {
  test.each([
    ['[FD00::0:5]', 'fd00::5'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['STUDIO.local', 'studio.local'],
    ['10.0.0.1', '10.0.0.1'],
  ])('of %s', (host, canonical) => {
    expect(canonicalHost(host)).toBe(canonical);
  });
});
