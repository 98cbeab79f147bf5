/** Binds a server to its address. */
import type { Server } from 'node:net';
import { ListenError } from './listen-error';

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The option by which the port is chosen; for the sentence of an error. */
  readonly portOption: string;
}

/**
 * Listens.
 * @returns the port: another than was asked for where that was 0
 * @throws ListenError when the address cannot be had
 */
export function listen(server: Server, { host, port, portOption }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(new ListenError(error, host, port, portOption));
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
