import { createServer } from 'node:net';

/**
 * Whether a TCP port can be listened on right now. Somebody else may still take it before the
 * server does; the server then fails to start and is started anew.
 *
 * @param host - interface to try; undefined for all of them.
 */
export async function isPortFree(port: number, host: string | undefined): Promise<boolean> {
  if (port === 0) return true;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: host ?? '0.0.0.0', exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}
