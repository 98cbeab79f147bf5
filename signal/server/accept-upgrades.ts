/** WebSocket upgrades: who asks for our endpoint in our words is handed to the hub. */
import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES, SUBPROTOCOL } from '../protocol/limits';
import { pathOf } from './http-answer';
import type { Hub } from './hub';
import type { ReadOrigin } from './trusted-proxies';
import { readUpgradeRequest } from './upgrade-request';

/** What is needed to accept sockets. */
export interface AcceptUpgradesOptions {
  readonly server: Pick<Server, 'on'>;
  readonly hub: Hub;
  readonly readOrigin: ReadOrigin;
  /** See `SocketLimits`. */
  readonly closeTimeoutMs: number;
  readonly logger: Logger;
}

/** Listens for upgrades on a server. */
export function acceptUpgrades(options: AcceptUpgradesOptions): void {
  const { server, hub, readOrigin, closeTimeoutMs, logger } = options;
  // Named first, because the typings do not know `closeTimeout` yet.
  const webSocketOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: closeTimeoutMs,
    handleProtocols: () => SUBPROTOCOL,
  };
  const sockets = new WebSocketServer(webSocketOptions);
  server.on('upgrade', (request, socket, head) => {
    // Until `ws` takes over, a broken connection is nobody's but ours.
    const onError = (error: Error): void => {
      logger.debug({ reason: error.message }, 'upgrade broken off');
    };
    socket.on('error', onError);
    const wanted = readUpgradeRequest(
      pathOf(request.url),
      request.headers['sec-websocket-protocol'],
    );
    if (!wanted.ok) {
      refuseUpgrade(socket, wanted.error.status, wanted.error.sentence);
      return;
    }
    if (!hub.hasRoom) {
      refuseUpgrade(socket, 503, 'The server is busy. Try again in a moment.');
      return;
    }
    const { host, isSecure, isForwarded } = readOrigin(request);
    const publicOrigin =
      isForwarded && host !== undefined ? `${isSecure ? 'https' : 'http'}://${host}` : undefined;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      hub.accept(webSocket, { ...wanted.value, publicOrigin });
    });
  });
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
