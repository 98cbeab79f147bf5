/**
 * One mDNS socket on one network. `bonjour-service` leaves the errors of its socket unheard, which
 * would end the process, and its typings hide the choice of the network; both are mended here.
 */
import { EventEmitter } from 'node:events';
import { networkInterfaces } from 'node:os';
import { Bonjour } from 'bonjour-service';

/** IPv4 group of mDNS (RFC 6762, section 3). */
const MDNS_GROUP = '224.0.0.251';

/**
 * Opens mDNS on the network of one of this machine's IPv4 addresses.
 * @param onTrouble - told why multicast does not work there; nothing is ever thrown for that
 */
export function openMulticast(address: string, onTrouble: (reason: string) => void): Bonjour {
  const options = {
    host: MDNS_GROUP,
    // Sends by this network alone; yet a socket bound to its address would hear no multicast.
    interface: address,
    bind: '0.0.0.0',
  };
  const tell = (error: unknown): void =>
    onTrouble(error instanceof Error ? error.message : String(error));
  const bonjour = new Bonjour(options, tell);
  const socket = socketOf(bonjour);
  socket?.on('error', tell);
  socket?.on('warning', tell);
  return bonjour;
}

function socketOf(bonjour: Bonjour): EventEmitter | undefined {
  const server: unknown = Reflect.get(bonjour, 'server');
  const mdns =
    typeof server === 'object' && server !== null && 'mdns' in server ? server.mdns : undefined;
  return mdns instanceof EventEmitter ? mdns : undefined;
}

/** One IPv4 address of each network this machine is on; multicast is joined once a network. */
export function multicastAddresses(
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  return Object.values(interfaces).flatMap((list) => {
    const own = list?.find(({ family, internal }) => family === 'IPv4' && !internal);
    return own === undefined ? [] : [own.address];
  });
}
