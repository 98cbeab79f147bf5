/** WebSocket upgrades: who asks for our endpoint in our words is handed to the hub. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES, SUBPROTOCOL } from '../protocol/limits';
import { fail, type Result } from '../protocol/result';
import { pathOf } from './http-answer';
import type { Hub } from './hub';
import { plainAddress } from './limits/address-group';
import type { AddressLimits } from './limits/address-limits';
import { isOwnOrigin } from './limits/origin-check';
import type { Refusals } from './limits/refusals';
import type { SocketLimits } from './socket-limits';
import type { ReadOrigin, RequestedOrigin } from './trusted-proxies';
import { readUpgradeRequest, type UpgradeRequest } from './upgrade-request';

/** What is needed to accept sockets. */
export interface AcceptUpgradesOptions {
  readonly server: Pick<Server, 'on'>;
  readonly hub: Hub;
  readonly readOrigin: ReadOrigin;
  readonly limits: Pick<SocketLimits, 'closeTimeoutMs' | 'maxFragments'>;
  readonly addressLimits: AddressLimits;
  readonly refusals: Refusals;
  /** Origins of further pages that may connect, as browsers write them. */
  readonly allowedOrigins: readonly string[];
  /** Whether anybody may come in without a key. */
  readonly isOpenToAll: boolean;
  /** Port of the plain HTTP way in; undefined without TLS. */
  readonly wayInPort: number | undefined;
  readonly logger: Logger;
}

const TOO_MANY = 'Too many connections come from this address. Try again in a moment.';

/** Listens for upgrades on a server. */
export function acceptUpgrades(options: AcceptUpgradesOptions): void {
  const { server, hub, readOrigin, limits, addressLimits, logger } = options;
  const sockets = new WebSocketServer(webSocketOptions(limits));
  server.on('upgrade', (request, socket, head) => {
    // Until `ws` takes over, a broken connection is nobody's but ours.
    const onError = (error: Error): void => {
      logger.debug({ reason: error.message }, 'upgrade broken off');
    };
    socket.on('error', onError);
    const { host, isSecure, isForwarded, address } = readOrigin(request);
    const wanted = judgeUpgrade(options, request, { host, address, isForwarded });
    if (!wanted.ok) {
      refuseUpgrade(socket, wanted.error.status, wanted.error.sentence);
      return;
    }
    const place = addressLimits.openSocket(address);
    if (place === undefined) {
      refuseUpgrade(socket, 429, TOO_MANY);
      return;
    }
    // Until there is a WebSocket, only this tells that it came to nothing.
    const onClose = (): void => place.closed();
    socket.once('close', onClose);
    const publicOrigin =
      isForwarded && host !== undefined ? `${isSecure ? 'https' : 'http'}://${host}` : undefined;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      socket.off('close', onClose);
      hub.accept(webSocket, { ...wanted.value, publicOrigin, address, place, wire: socket });
    });
  });
}

function webSocketOptions({ closeTimeoutMs, maxFragments }: AcceptUpgradesOptions['limits']) {
  // An object of its own, because the typings do not know `closeTimeout` yet.
  return {
    noServer: true,
    clientTracking: false,
    autoPong: false,
    // Nothing is ever unpacked: a few bytes that grow to gigabytes are a protocol error.
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments,
    closeTimeout: closeTimeoutMs,
    handleProtocols: () => SUBPROTOCOL,
  };
}

type Judgment = Result<UpgradeRequest, { readonly status: number; readonly sentence: string }>;

/** Whether an upgrade may go on, by everything that can be known before it does. */
function judgeUpgrade(
  {
    hub,
    addressLimits,
    refusals,
    allowedOrigins,
    isOpenToAll,
    wayInPort,
    ...rest
  }: AcceptUpgradesOptions,
  request: IncomingMessage,
  { host, address, isForwarded }: Pick<RequestedOrigin, 'host' | 'address' | 'isForwarded'>,
): Judgment {
  // Whoever comes by a proxy was not counted when the connection opened: that was the proxy's.
  const isProxied = plainAddress(request.socket.remoteAddress ?? '') !== address;
  if (isProxied && !addressLimits.mayAttempt(address))
    return fail({ status: 429, sentence: TOO_MANY });
  const { origin } = request.headers;
  // A proxy that is trusted vouches for the name that was asked for.
  const mistrustsNames = isOpenToAll && !isForwarded;
  const question = { origin, host, wayInPort, allowed: allowedOrigins, mistrustsNames };
  if (!isOwnOrigin(question)) {
    refusals.count('origin');
    rest.logger.warn({ origin, host }, 'a page of another origin tried to connect');
    return fail({ status: 403, sentence: 'Pages of other sites may not connect to this server.' });
  }
  const protocols = request.headers['sec-websocket-protocol'];
  const wanted = readUpgradeRequest(pathOf(request.url), protocols);
  if (!wanted.ok) {
    refusals.count('bad-requests');
    return wanted;
  }
  if (hub.hasRoom) return wanted;
  refusals.count('strangers');
  return fail({ status: 503, sentence: 'The server is busy. Try again in a moment.' });
}

function refuseUpgrade(socket: Duplex, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
