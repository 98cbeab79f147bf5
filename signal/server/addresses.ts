/** Where this server can be reached: the address that works on this machine, then the network's. */
import { isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { JoinAddress } from '../protocol/messages';

type Interfaces = ReturnType<typeof networkInterfaces>;

/** What the server was bound to. */
export interface Binding {
  /** As configured: an address, a name, or a wildcard (`0.0.0.0`, `::`). */
  readonly host: string;
  readonly port: number;
}

/** URLs of everything that is served, each list in the order of `reachableHosts`. */
export interface ServerUrls {
  readonly stream: readonly string[];
  readonly mobileStream: readonly string[];
  readonly liveStreams: readonly string[];
  /** The endpoint without its last two parts, client id and client type. */
  readonly ws: readonly string[];
  readonly health: readonly string[];
}

/** Networks that exist only inside this machine; a phone is hardly ever on them. */
const VIRTUAL_INTERFACE = /^(?:docker|br-|veth|virbr|vboxnet|vmnet|vEthernet|podman|cni|lxc)/u;

/** Hosts to write into URLs (IPv6 in brackets), this machine's own first. */
export function reachableHosts(host: string, interfaces: Interfaces): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [isIPv6(host) ? `[${host}]` : host];
  const names = Object.keys(interfaces);
  const ordered = [
    ...names.filter((name) => !VIRTUAL_INTERFACE.test(name)),
    ...names.filter((name) => VIRTUAL_INTERFACE.test(name)),
  ];
  const addresses = ordered
    .flatMap((name) => interfaces[name] ?? [])
    .filter((address) => !address.internal);
  const ipv4 = addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
  const ipv6 = addresses
    .filter(({ family, address }) => host === '::' && family === 'IPv6' && isRoutable(address))
    .map(({ address }) => `[${address}]`);
  return ['127.0.0.1', ...new Set([...ipv4, ...ipv6])];
}

/** The URLs of the ready line. */
export function serverUrls({ host, port }: Binding, interfaces: Interfaces): ServerUrls {
  const authorities = reachableHosts(host, interfaces).map((name) => `${name}:${String(port)}`);
  const pages = (path: string): string[] => authorities.map((name) => `http://${name}${path}`);
  return {
    stream: pages('/stream'),
    mobileStream: pages('/mobile-stream.html'),
    liveStreams: pages('/live-streams'),
    ws: authorities.map((name) => `ws://${name}/ws`),
    health: pages('/healthz'),
  };
}

/**
 * Where phones join, as a welcome lists it. Over plain HTTP only this machine itself counts as a
 * secure context (W3C Secure Contexts, section 3.1), so only it is given a camera.
 */
export function joinAddresses({ host, port }: Binding, interfaces: Interfaces): JoinAddress[] {
  return reachableHosts(host, interfaces).map((name) => {
    const isLoopback = isLoopbackHost(name);
    return {
      url: `http://${name}:${String(port)}/stream`,
      network: isLoopback ? 'this-machine' : 'lan',
      cameraAllowed: isLoopback,
    };
  });
}

/** Whether a URL's host is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

/** Global (2000::/3) and unique local (fc00::/7) addresses; link-local ones need a zone. */
function isRoutable(address: string): boolean {
  return /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}):/iu.test(address);
}
