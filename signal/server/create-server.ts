/** The server as one object: HTTP, WebSocket and hub on one port. No globals, so tests make many. */
import { createServer as createHttpServer, STATUS_CODES, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES, SUBPROTOCOL } from '../protocol/limits';
import { joinAddresses, serverUrls, type ServerUrls } from './addresses';
import type { Config } from './config';
import { httpRoutes, pathOf } from './http-routes';
import { Hub } from './hub';
import { ListenError } from './listen-error';
import { SOCKET_LIMITS, type SocketLimits } from './socket-limits';
import { readUpgradeRequest } from './upgrade-request';
import { VERSION } from './version';

/** What a server needs; the clock, the network and the disk are the machine's own. */
export interface ServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built pages. */
  readonly pagesDir: string;
  readonly socketLimits?: SocketLimits;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  readonly urls: ServerUrls;
  /** Drains and closes everything; resolves when nothing is left. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 * @throws ListenError when its address cannot be had
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { config, logger, pagesDir, socketLimits = SOCKET_LIMITS } = options;
  const startedAtMs = performance.now();
  let closed: Promise<void> | undefined;
  // Phones send little and slow networks exist, but nobody may hold a half-sent request for ever.
  const server = createHttpServer({ requestTimeout: 30_000, headersTimeout: 15_000 });
  const port = await listen(server, config.host, config.port);
  const binding = { host: config.host, port };

  const hub = new Hub({
    registryLimits: config,
    socketLimits,
    logger,
    describeServer: () => ({
      serverName: config.name,
      iceServers: [...config.iceServers],
      joinAddresses: joinAddresses(binding, networkInterfaces()),
    }),
  });
  // Named first, because the typings do not know `closeTimeout` yet.
  const webSocketOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    closeTimeout: socketLimits.closeTimeoutMs,
    handleProtocols: () => SUBPROTOCOL,
  };
  const sockets = new WebSocketServer(webSocketOptions);

  server.on('error', (error) => logger.error({ reason: error.message }, 'server error'));
  server.on(
    'request',
    httpRoutes({
      pagesDir,
      logger,
      health: () => ({
        status: closed === undefined ? 'ok' : 'draining',
        version: VERSION,
        uptimeSeconds: Math.round((performance.now() - startedAtMs) / 1000),
        ...hub.counts,
      }),
    }),
  );
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
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      hub.accept(webSocket, wanted.value.clientId, wanted.value.clientType);
    });
  });

  return {
    port,
    urls: serverUrls(binding, networkInterfaces()),
    close() {
      closed ??= closeAll(server, hub);
      return closed;
    },
  };
}

async function closeAll(server: Server, hub: Hub): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await hub.close();
  server.closeAllConnections();
  await stopped;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(new ListenError(error, host, port));
    };
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      const address = server.address();
      // A string or null is what pipes and closed servers answer; this one has just bound a port.
      resolve(typeof address === 'object' && address !== null ? address.port : port);
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
