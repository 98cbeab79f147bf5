/** The ports of a server: the main one, by TLS or plain, and beside TLS the plain HTTP way in. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as TlsServer } from 'node:https';
import type { Logger } from 'pino';
import type { Config } from './config';
import { listen } from './listen';
import { SOCKET_TIMEOUTS } from './socket-limits';
import type { CertificateSource } from './tls/certificate-source';
import { openWayIn, type WayIn } from './tls/way-in';

/** Ports that are open; requests are answered by whoever listens for them. */
export interface OpenPorts {
  /** Answers pages and sockets. */
  readonly main: Server | TlsServer;
  readonly port: number;
  /** What TLS brings; undefined without. */
  readonly tls: TlsPorts | undefined;
}

/** What TLS brings. */
export interface TlsPorts {
  readonly server: TlsServer;
  readonly certificates: CertificateSource;
  readonly wayIn: WayIn;
}

/**
 * Opens them all, or none.
 * @throws ListenError when one cannot be had
 */
export async function openPorts(
  { host, port, httpPort }: Pick<Config, 'host' | 'port' | 'httpPort'>,
  certificates: CertificateSource | undefined,
  logger: Logger,
): Promise<OpenPorts> {
  const at = { host, port, portOption: '--port' };
  if (certificates === undefined) {
    if (httpPort !== undefined) {
      logger.warn('--http-port is of no use here: without TLS the main port speaks plain HTTP');
    }
    const main = createHttpServer(SOCKET_TIMEOUTS);
    return { main, port: await listen(main, at), tls: undefined };
  }
  const server = createHttpsServer({ ...SOCKET_TIMEOUTS, ...certificates.material });
  // A phone that does not trust us yet breaks off here, over and over: nothing to worry about.
  server.on('tlsClientError', (error) => {
    logger.debug({ reason: error.message }, 'no TLS connection came about');
  });
  const mainPort = await listen(server, at);
  try {
    const wayIn = await openWayIn({ host, port: httpPort, logger });
    return { main: server, port: mainPort, tls: { server, certificates, wayIn } };
  } catch (error) {
    server.close();
    throw error;
  }
}
