/** Keeps a running server on the present certificate, without dropping a connection. */
import type { Server } from 'node:https';
import type { Logger } from 'pino';
import type { CertificateSource } from './certificate-source';
import { reasonOf } from './tls-error';

/**
 * Interval of the looks at addresses, files and the clock, in milliseconds. A phone that changes
 * networks takes about as long; one look costs a fraction of a millisecond.
 */
export const WATCH_INTERVAL_MS = 5_000;

/** What a watch needs. */
export interface CertificateWatchOptions {
  readonly source: CertificateSource;
  readonly server: Server;
  readonly intervalMs: number;
  readonly logger: Logger;
  /** Called after the server has taken another certificate. */
  readonly onChanged: () => void;
}

/**
 * Starts looking. New connections get the new certificate; those that are open stay as they are.
 * @returns the way to stop
 */
export function watchCertificate(options: CertificateWatchOptions): () => void {
  const { source, server, intervalMs, logger, onChanged } = options;
  const timer = setInterval(() => {
    if (!source.refresh()) return;
    try {
      server.setSecureContext(source.material);
      onChanged();
    } catch (error) {
      logger.error({ reason: reasonOf(error) }, 'the new certificate could not be taken');
    }
  }, intervalMs);
  return () => clearInterval(timer);
}
