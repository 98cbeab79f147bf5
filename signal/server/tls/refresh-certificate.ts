/** Keeps a running server on the present certificate, without dropping a connection. */
import type { Logger } from 'pino';
import type { TlsPorts } from '../open-ports';
import { reasonOf } from './tls-error';

/**
 * Looks whether there is another certificate by now, and takes it. New connections get it; those
 * that are open stay as they are. Never throws: what goes wrong is logged.
 */
export function refreshCertificate(
  { server, certificates }: Pick<TlsPorts, 'server' | 'certificates'>,
  logger: Logger,
): void {
  if (!certificates.refresh()) return;
  try {
    server.setSecureContext(certificates.material);
    logger.info('new connections get the new certificate');
  } catch (error) {
    logger.error({ reason: reasonOf(error) }, 'the new certificate could not be taken');
  }
}
