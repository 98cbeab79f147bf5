/** Which hosts this machine's certificate has to carry, from what the system says of its network. */
import { isIP, isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';
import { isPermitted, ownNames, type NameConstraints } from './name-constraints';

/** The machine as its certificate sees it. */
export interface MachineFacts {
  readonly hostname: string;
  readonly interfaces: ReturnType<typeof networkInterfaces>;
  /** The address or name the server was told to listen on; may be a wildcard. */
  readonly listenHost: string;
}

/** Hosts, told apart by what the root may sign; each canonical, each once. */
export interface CertificateHosts {
  readonly covered: readonly string[];
  /** Public addresses and foreign names: only a certificate of one's own can cover them. */
  readonly leftOut: readonly string[];
}

/** Sorts all names and addresses of the machine. */
export function certificateHosts(
  { hostname, interfaces, listenHost }: MachineFacts,
  constraints: NameConstraints,
): CertificateHosts {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    // Node 18 puts the zone of a link-local address behind it on some systems.
    .map(({ address }) => address.replace(/%.*$/u, ''))
    .sort();
  const asked = isWildcard(listenHost) ? [] : [listenHost.replace(/%.*$/u, '')];
  const hosts = ['localhost', ...ownNames(hostname), '127.0.0.1', '::1', ...addresses, ...asked];
  const canonical = [...new Set(hosts.map(canonicalHost))];
  return {
    covered: canonical.filter((host) => isPermitted(host, constraints)),
    leftOut: canonical.filter((host) => !isPermitted(host, constraints)),
  };
}

/** Whether an address stands for every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** One spelling for each host: lower case, IPv6 as RFC 5952 has it, without brackets. */
export function canonicalHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
  if (!isIPv6(bare) || bare.includes('%')) return bare;
  return new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

/** Whether a host is an address, in brackets or not. */
export function isAddress(host: string): boolean {
  return isIP(canonicalHost(host)) !== 0;
}
