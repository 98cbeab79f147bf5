/**
 * Which addresses count as one. A home or a phone network hands every customer at least a whole
 * IPv6 subnet of 64 bits (RFC 6177), so single IPv6 addresses cost an attacker nothing.
 */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The group that an address is counted in: an IPv4 address alone, an IPv6 address with its /64.
 * Text that is no address is a group of its own, so that nobody escapes by being strange.
 */
export function addressGroup(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? `${firstGroups(plain, 4).join(':')}::/64` : plain;
}

/** An address without its zone, and IPv4 as such where a socket shows it mapped (RFC 4291, 2.5.5.2). */
export function plainAddress(address: string): string {
  const [plain = ''] = address.split('%', 1);
  const mapped = /^::ffff:(?<ipv4>[\d.]+)$/iu.exec(plain)?.groups?.['ipv4'];
  return mapped !== undefined && isIPv4(mapped) ? mapped : plain;
}

/** Whether an address is this machine's own way to itself. */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  return isIPv4(plain) ? plain.startsWith('127.') : plain === '::1';
}

/** The first groups of an IPv6 address, without leading zeros; `::` stands for as many as it takes. */
function firstGroups(address: string, wanted: number): string[] {
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end takes the place of two groups.
  const taken = before.length + after.length + (address.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - taken);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .slice(0, wanted)
    .map((group) => group.replace(/^0+(?=.)/u, ''));
}
