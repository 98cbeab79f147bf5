/**
 * What a reverse proxy says of the request it passes on. Anybody can write these headers, so they
 * are read only when the request comes from a proxy that the operator has named.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { plainAddress } from './limits/address-group';

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
  /** Address that it came from: of the client itself where a trusted proxy names it. */
  readonly address: string;
}

/** Whether the operator has named a proxy of this address. */
export type IsTrustedProxy = (address: string) => boolean;

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
 * Makes the test for trusted proxies.
 * @param proxies - addresses and subnets as `parseSubnet` accepts them
 */
export function proxyTest(proxies: readonly string[]): IsTrustedProxy {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (text) => {
    const address = plainAddress(text);
    return (
      proxies.length > 0 &&
      isIP(address) !== 0 &&
      trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
    );
  };
}

/**
 * Makes the reader of a server.
 * @param isTrusted - by `proxyTest`
 * @param isTls - whether the server itself speaks TLS
 */
export function originReader(isTrusted: IsTrustedProxy, isTls: boolean): ReadOrigin {
  return ({ socket, headers }) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    const isProxy = isTrusted(peer);
    const scheme = isProxy ? lastOf(headers['x-forwarded-proto']) : undefined;
    const host = isProxy ? lastOf(headers['x-forwarded-host']) : undefined;
    return {
      host: plainHost(host ?? headers.host),
      isSecure: scheme === undefined ? isTls : scheme.toLowerCase() === 'https',
      isForwarded: scheme !== undefined || host !== undefined,
      address: isProxy ? clientAddress(peer, headers['x-forwarded-for'], isTrusted) : peer,
    };
  };
}

/**
 * Each proxy adds to the end whom it heard from. What stands before the first address that is not
 * a trusted proxy's may have been written by anybody.
 */
function clientAddress(
  peer: string,
  header: string | string[] | undefined,
  isTrusted: IsTrustedProxy,
): string {
  let known = peer;
  for (const part of String(header ?? '')
    .split(',')
    .reverse()) {
    const address = plainAddress(part.trim());
    if (isIP(address) === 0) break;
    known = address;
    if (!isTrusted(address)) break;
  }
  return known;
}

/** The name of a host without its port; brackets stay. */
export function hostName(host: string): string {
  return HOST.exec(host)?.groups?.['name'] ?? '';
}

/** What looks like a host may still be none of a URL: `1.2.3.4.5`, `[::::]`, a port too high. */
function plainHost(host: string | undefined): string | undefined {
  if (host === undefined || !HOST.test(host)) return undefined;
  try {
    return new URL(`https://${host}`).host === '' ? undefined : host;
  } catch {
    // `URL.canParse` is missing in Node 18.15.
    return undefined;
  }
}

/** Each proxy adds to the end; only what the nearest one wrote is sure. */
function lastOf(header: string | string[] | undefined): string | undefined {
  const values = String(header ?? '').split(',');
  const last = values.at(-1)?.trim();
  return last === undefined || last === '' ? undefined : last;
}
