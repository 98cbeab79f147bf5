/**
 * What our root may sign for: private addresses and local names, so that a stolen root key cannot
 * stand in for any site of the internet (RFC 5280, section 4.2.1.10).
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Names and subnets (`10.0.0.0/8`); a name stands for itself and all below it. */
export interface NameConstraints {
  readonly permitted: readonly string[];
  /** Wins over `permitted`. A leading dot stands for all below a name, without the name itself. */
  readonly excluded: readonly string[];
}

/**
 * Subnets that are never routed on the internet: RFC 1918, link-local (RFC 3927, RFC 4291),
 * loopback, shared address space (RFC 6598), unique local IPv6 (RFC 4193), and those that
 * laboratories use, for documentation (RFC 5737, RFC 3849) and benchmarks (RFC 2544).
 */
const PRIVATE_SUBNETS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '127.0.0.0/8',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
  '2001:db8::/32',
] as const;

/** Domains that no public authority serves (RFC 6761, RFC 6762). */
const LOCAL_DOMAINS = ['localhost', 'local'] as const;

/** A host name fit for a certificate: labels of letters, digits and hyphens (RFC 1123). */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/u;

/**
 * The machine's own names: as it calls itself, and its name for multicast DNS. A name that cannot
 * stand in a certificate is left out.
 * @param hostname - as the system tells it; any case, with or without a domain
 */
export function ownNames(hostname: string): string[] {
  const name = hostname.toLowerCase().replace(/\.$/u, '');
  if (!HOST_NAME.test(name) || isIP(name) !== 0) return [];
  const [label = ''] = name.split('.');
  return [...new Set([name, label === 'localhost' ? label : `${label}.local`])];
}

/**
 * Constraints for a root of this machine. A bare machine name may also be a top-level domain
 * ("studio" is one), so nothing below the machine's own name is permitted.
 */
export function constraintsFor(hostname: string): NameConstraints {
  const named = ownNames(hostname).filter((name) => !isBelowLocalDomain(name));
  return {
    permitted: [...PRIVATE_SUBNETS, ...LOCAL_DOMAINS, ...named],
    excluded: named.map((name) => `.${name}`),
  };
}

/**
 * Whether a certificate under these constraints may carry a host.
 * @param host - an address or a name, in lower case
 */
export function isPermitted(host: string, { permitted, excluded }: NameConstraints): boolean {
  const isIn = (subtree: string): boolean =>
    isIP(host) === 0 ? isBelow(host, subtree) : isInSubnet(host, subtree);
  return permitted.some(isIn) && !excluded.some(isIn);
}

function isBelowLocalDomain(name: string): boolean {
  return LOCAL_DOMAINS.some((domain) => isBelow(name, domain));
}

function isBelow(name: string, subtree: string): boolean {
  if (subtree.includes('/')) return false;
  if (subtree.startsWith('.')) return name.endsWith(subtree);
  return name === subtree || name.endsWith(`.${subtree}`);
}

function isInSubnet(address: string, subtree: string): boolean {
  const [network = '', prefix] = subtree.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (prefix === undefined || (isIPv4(network) ? 'ipv4' : 'ipv6') !== family) return false;
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(prefix), family);
  return subnet.check(address, family);
}
