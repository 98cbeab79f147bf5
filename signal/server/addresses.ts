/** Where this server can be reached: the address that works on this machine, then the network's. */
import { isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { JoinAddress } from '../protocol/messages';
import type { LinkKeys } from './access/room-state';

type Interfaces = ReturnType<typeof networkInterfaces>;
type InterfaceAddress = NonNullable<Interfaces[string]>[number];

/** What the server was bound to. */
export interface Binding {
  /** As configured: an address, a name, or a wildcard (`0.0.0.0`, `::`). */
  readonly host: string;
  readonly port: number;
  /** Absent while it speaks plain HTTP. */
  readonly tls?: TlsBinding;
}

/** What addresses have to do with the certificate. */
export interface TlsBinding {
  /** Names to prefer to addresses. */
  readonly names: readonly string[];
  /** Whether the certificate is good for a host of a URL. */
  covers(host: string): boolean;
  /** Port where phones fetch our own root; undefined where there is none to fetch. */
  readonly trustPort: number | undefined;
}

/** The keys that links carry; undefined where all is open. */
export type Keys = Pick<LinkKeys, 'operator' | 'phone'> | undefined;

/** URLs of everything that is served, each list in the order of `reachableHosts`. */
export interface ServerUrls {
  readonly stream: readonly string[];
  readonly mobileStream: readonly string[];
  readonly liveStreams: readonly string[];
  /** The endpoint without its last two parts, client id and client type. */
  readonly ws: readonly string[];
  readonly health: readonly string[];
  /** Where phones that do not trust this server yet begin; absent where they need not. */
  readonly trust?: readonly string[];
}

/** Networks that exist only inside this machine; a phone is hardly ever on them. */
const VIRTUAL_INTERFACE = /^(?:docker|br-|veth|virbr|vboxnet|vmnet|vEthernet|podman|cni|lxc)/u;

/** Tunnels: a phone may be on them, but one in the room is rather on the LAN. */
const TUNNEL_INTERFACE = /^(?:tun|tap|utun|wg|zt|tailscale|ppp|ipsec)/u;

/** Shared address space (RFC 6598), used by tunnels, and link-local IPv4 (RFC 3927). */
const POOR_IPV4 = /^(?:100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254)\./u;

/** Hosts to write into URLs (IPv6 in brackets), this machine's own first, then the best. */
export function reachableHosts(host: string, interfaces: Interfaces): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [isIPv6(host) ? `[${host}]` : host];
  const ranked = Object.entries(interfaces)
    .flatMap(([name, addresses]) =>
      (addresses ?? []).map((address) => ({ ...address, rank: rankOf(name, address) })),
    )
    .filter(({ internal }) => !internal)
    .sort((one, other) => one.rank - other.rank);
  const ipv4 = ranked.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
  const ipv6 = ranked
    .filter(({ family, address }) => host === '::' && family === 'IPv6' && isRoutable(address))
    .map(({ address }) => `[${address}]`);
  return ['127.0.0.1', ...new Set([...ipv4, ...ipv6])];
}

/**
 * The URLs of the ready line. Those of pages carry a key in their fragment, which browsers never
 * send (RFC 9110, section 7.1): the operator's for the console, the phones' for all else.
 */
export function serverUrls(binding: Binding, interfaces: Interfaces, keys: Keys): ServerUrls {
  const { port, tls } = binding;
  const trustPort = tls?.trustPort;
  const hosts = servedHosts(binding, interfaces);
  const secure = tls === undefined ? '' : 's';
  const pages = (path: string): string[] =>
    hosts.map((name) => `http${secure}://${name}:${port}${path}`);
  const forPhones = keyFragment(keys?.phone);
  return {
    stream: pages(`/stream${forPhones}`),
    mobileStream: pages(`/mobile-stream.html${forPhones}`),
    liveStreams: pages(`/live-streams${keyFragment(keys?.operator)}`),
    ws: hosts.map((name) => `ws${secure}://${name}:${port}/ws`),
    health: pages('/healthz'),
    ...(trustPort === undefined
      ? {}
      : { trust: hosts.map((name) => trustUrl(name, trustPort) + forPhones) }),
  };
}

/** The fragment by which a link carries a key; nothing where there is none. */
export function keyFragment(key: string | undefined): string {
  return key === undefined ? '' : `#key=${key}`;
}

/** A URL without its key, fit for a log. */
export function withoutKey(url: string): string {
  return url.replace(/#.*$/u, '');
}

/**
 * Where phones join, as a welcome lists it, the best first. Over plain HTTP only this machine
 * itself counts as a secure context (W3C Secure Contexts, section 3.1), so only it is given a
 * camera and leads the list; with TLS the network's addresses do. All carry the phones' key.
 */
export function joinAddresses(binding: Binding, interfaces: Interfaces, keys: Keys): JoinAddress[] {
  const { port, tls } = binding;
  const trustPort = tls?.trustPort;
  const hosts = servedHosts(binding, interfaces);
  const fragment = keyFragment(keys?.phone);
  const addresses = hosts.map((name): JoinAddress => {
    const isLoopback = isLoopbackHost(name);
    return {
      url: `http${tls === undefined ? '' : 's'}://${name}:${port}/stream${fragment}`,
      network: isLoopback ? 'this-machine' : 'lan',
      cameraAllowed: tls !== undefined || isLoopback,
      ...(trustPort === undefined ? {} : { trustUrl: trustUrl(name, trustPort) + fragment }),
    };
  });
  if (tls === undefined) return addresses;
  return [
    ...addresses.filter(({ network }) => network === 'lan'),
    ...addresses.filter(({ network }) => network === 'this-machine'),
  ];
}

/** Whether a URL's host is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

/**
 * Hosts at which a browser accepts the certificate. Where none is left (a wildcard certificate and
 * no name to go with it) all are listed: they lead here, if past a warning.
 */
function servedHosts({ host, tls }: Binding, interfaces: Interfaces): string[] {
  const reachable = reachableHosts(host, interfaces);
  if (tls === undefined) return reachable;
  const covered = reachable.filter((name) => tls.covers(name));
  const served = [
    ...covered.filter(isLoopbackHost),
    ...tls.names.filter((name) => !isLoopbackHost(name)),
    ...covered.filter((name) => !isLoopbackHost(name)),
  ];
  return served.length === 0 ? reachable : served;
}

function trustUrl(host: string, port: number): string {
  return `http://${host}:${port}/trust`;
}

function rankOf(name: string, { address }: InterfaceAddress): number {
  if (VIRTUAL_INTERFACE.test(name)) return 3;
  if (TUNNEL_INTERFACE.test(name)) return 2;
  return POOR_IPV4.test(address) ? 1 : 0;
}

/** Global (2000::/3) and unique local (fc00::/7) addresses; link-local ones need a zone. */
function isRoutable(address: string): boolean {
  return /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}):/iu.test(address);
}
