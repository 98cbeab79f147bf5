/**
 * What a reverse proxy says of the request it passes on. Anybody can write these headers, so they
 * are read only when the request comes from a proxy that the operator has named.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** A host as a browser asked for it: a name, IPv4 or bracketed IPv6 address, maybe a port. */
const HOST =
  /^(?<name>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::(?<port>\d{1,5}))?$/iu;

/** Where a request was sent by the browser, as far as that is known. */
export interface RequestedOrigin {
  /** With port if it was written, without one that makes no sense; undefined when unfit to repeat. */
  readonly host: string | undefined;
  readonly isSecure: boolean;
  /** Whether a trusted proxy said so. */
  readonly isForwarded: boolean;
}

/** Reads where a request was sent. */
export type ReadOrigin = (request: IncomingMessage) => RequestedOrigin;

/** An address or subnet as people type it, made sure of; undefined when it is none. */
export function parseSubnet(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  if (prefix === undefined) return address;
  const isPrefix = /^\d{1,3}$/u.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
  return isPrefix ? text : undefined;
}

/**
 * Makes the reader of a server.
 * @param proxies - addresses and subnets as `parseSubnet` accepts them
 * @param isTls - whether the server itself speaks TLS
 */
export function originReader(proxies: readonly string[], isTls: boolean): ReadOrigin {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (request) => {
    // A socket that listens on IPv6 as well sees IPv4 addresses mapped (RFC 4291, 2.5.5.2).
    const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/u, '');
    const isTrusted =
      proxies.length > 0 &&
      isIP(address) !== 0 &&
      trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    const scheme = isTrusted ? lastOf(request.headers['x-forwarded-proto']) : undefined;
    const host = isTrusted ? lastOf(request.headers['x-forwarded-host']) : undefined;
    return {
      host: plainHost(host ?? request.headers.host),
      isSecure: scheme === undefined ? isTls : scheme.toLowerCase() === 'https',
      isForwarded: scheme !== undefined || host !== undefined,
    };
  };
}

/** The name of a host without its port; brackets stay. */
export function hostName(host: string): string {
  return HOST.exec(host)?.groups?.['name'] ?? '';
}

function plainHost(host: string | undefined): string | undefined {
  const parts = host === undefined ? undefined : HOST.exec(host)?.groups;
  return parts === undefined || Number(parts['port'] ?? 0) > 65_535 ? undefined : host;
}

/** Each proxy adds to the end; only what the nearest one wrote is sure. */
function lastOf(header: string | string[] | undefined): string | undefined {
  const values = String(header ?? '').split(',');
  const last = values.at(-1)?.trim();
  return last === undefined || last === '' ? undefined : last;
}
