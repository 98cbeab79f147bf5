/** Opens the plain HTTP port beside a TLS server. */
import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { httpServerOptions, limitServer, type HttpLimits } from '../limits/http-limits';
import { listen } from '../listen';
import { ListenError } from '../listen-error';

/** Where phones begin unless told otherwise: the usual second port of plain HTTP. */
const DEFAULT_HTTP_PORT = 8080;

const PORT_OPTION = '--http-port';

/** Where to open it. */
export interface WayInOptions {
  readonly host: string;
  /** Undefined takes the default, or any other when that is in use. */
  readonly port: number | undefined;
  readonly limits: HttpLimits;
  readonly logger: Logger;
}

/** The port, open; requests are answered by whoever listens for them. */
export interface WayIn {
  readonly server: Server;
  readonly port: number;
}

/**
 * Opens it. A port that was asked for is a promise and must be had; the default one is not.
 * @throws ListenError when it cannot be had
 */
export async function openWayIn({ host, port, limits, logger }: WayInOptions): Promise<WayIn> {
  const server = createServer(httpServerOptions(limits));
  limitServer(server, limits);
  const at = { host, portOption: PORT_OPTION };
  try {
    return { server, port: await listen(server, { ...at, port: port ?? DEFAULT_HTTP_PORT }) };
  } catch (error) {
    const isTaken = error instanceof ListenError && error.code === 'EADDRINUSE';
    if (port !== undefined || !isTaken) throw error;
    const other = await listen(server, { ...at, port: 0 });
    logger.warn(
      { wanted: DEFAULT_HTTP_PORT, port: other },
      'the usual port for phones to begin is in use, so another was taken; --http-port chooses one',
    );
    return { server, port: other };
  }
}
