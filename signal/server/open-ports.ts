/** The ports of a server: the main one, by TLS or plain, and beside TLS the plain HTTP way in. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as TlsServer } from 'node:https';
import type { Logger } from 'pino';
import type { Config } from './config';
import { httpServerOptions, limitServer } from './limits/http-limits';
import { listen } from './listen';
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
  { host, port, httpPort, limits }: Pick<Config, 'host' | 'port' | 'httpPort' | 'limits'>,
  certificates: CertificateSource | undefined,
  logger: Logger,
): Promise<OpenPorts> {
  const at = { host, port, portOption: '--port' };
  if (certificates === undefined) {
    if (httpPort !== undefined) {
      logger.warn('--http-port is of no use here: without TLS the main port speaks plain HTTP');
    }
    const main = createHttpServer(httpServerOptions(limits));
    limitServer(main, limits);
    return { main, port: await listen(main, at), tls: undefined };
  }
  const server = createHttpsServer({
    ...httpServerOptions(limits),
    ...certificates.material,
    handshakeTimeout: limits.handshakeTimeoutMs,
  });
  limitServer(server, limits);
  const mainPort = await listen(server, at);
  try {
    const wayIn = await openWayIn({ host, port: httpPort, limits, logger });
    return { main: server, port: mainPort, tls: { server, certificates, wayIn } };
  } catch (error) {
    server.close();
    throw error;
  }
}
