import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressGroup, isLoopbackAddress } from './address-group';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['', ''],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test('an IPv6 address is in the group of its first 64 bits, however it is written', () => {
  const part = fc.integer({ min: 1, max: 0xffff });
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), fc.ipV6(), (network, other) => {
      const prefix = network.map((group) => group.toString(16)).join(':');
      expect(addressGroup(`${prefix}::7`)).toBe(`${prefix}::/64`);
      expect(addressGroup(other)).toMatch(/^(?:[0-9a-f]{1,4}:){4}:\/64$/u);
    }),
  );
});

test('knows this machine itself', () => {
  for (const own of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(isLoopbackAddress(own)).toBe(true);
  }
  for (const other of ['128.0.0.1', '::2', '', '1270.0.0.1', 'fe80::1']) {
    expect(isLoopbackAddress(other)).toBe(false);
  }
});
