/**
 * What happens to connections before they are requests: each address has so many, each of them so
 * much time. Whoever is refused here gets as little of the server's time as possible.
 */
import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { plainAddress } from './address-group';
import type { AddressLimits, ConnectionPlace } from './address-limits';
import type { Refusals, RefusalReason } from './refusals';

/** What is needed to guard a port. */
export interface GuardOptions {
  readonly addressLimits: AddressLimits;
  readonly refusals: Refusals;
  readonly logger: Logger;
}

/** What a broken request is answered, and counted as, by Node's error code. */
const BROKEN: Record<string, { readonly status: number; readonly reason: RefusalReason }> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'header-size' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'header-timeouts' },
};

/**
 * Guards a port, plain or TLS.
 * @returns a way to cut all its connections off. Unlike `closeAllConnections` it knows those that
 *   are still in their TLS handshake, which a server waits for when it closes.
 */
export function guardConnections(
  server: Pick<Server, 'on'>,
  { addressLimits, refusals, logger }: GuardOptions,
): () => void {
  const open = new Map<Socket, ConnectionPlace>();
  // One for all: a function of its own would weigh more than all else that is kept of a connection.
  const onClose = function (this: Socket): void {
    open.get(this)?.closed();
    open.delete(this);
  };
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const place = addressLimits.mayAttempt(address)
      ? addressLimits.openConnection(address)
      : undefined;
    // No answer, and no farewell either: closing in good order would take the peer's help.
    if (place === undefined) {
      socket.destroy();
      return;
    }
    open.set(socket, place);
    socket.on('close', onClose);
  });
  server.on('drop', () => refusals.count('connections'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    logger.debug({ reason: error.code ?? error.message }, 'a request could not be read');
    // Only the parser's complaints can be answered: without TLS there is nothing to answer by.
    if (!/^(?:HPE_|ERR_HTTP_)/u.test(error.code ?? '') || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, reason } = BROKEN[error.code ?? ''] ?? { status: 400, reason: 'bad-requests' };
    refusals.count(reason);
    socket.once('finish', () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    // A phone that does not trust us yet breaks off here, over and over: nothing to worry about.
    logger.debug({ reason: error.message }, 'no TLS connection came about');
    if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') refusals.count('handshake-timeouts');
  });
  return () => {
    for (const socket of open.keys()) socket.destroy();
  };
}
