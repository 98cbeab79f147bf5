/** Chooses where the certificate comes from, by the configuration. */
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config';
import type { CertificateSource } from './certificate-source';
import { OperatorCertificate } from './operator-certificate';
import { OwnAuthority } from './own-authority';

/** Folder of the root and its leaf inside the data folder. */
const TLS_FOLDER = 'tls';

/**
 * Opens the certificate of a configuration; undefined when it asks for plain HTTP.
 * @throws TlsError when it cannot be had
 */
export function openCertificates(
  { tls, host, dataDir }: Pick<Config, 'tls' | 'host' | 'dataDir'>,
  logger: Logger,
): CertificateSource | undefined {
  switch (tls.mode) {
    case 'off':
      return undefined;
    case 'auto':
      return new OwnAuthority({
        tlsDir: path.join(dataDir, TLS_FOLDER),
        listenHost: host,
        hostname,
        interfaces: networkInterfaces,
        nowMs: Date.now,
        logger,
      });
    case 'files':
      return new OperatorCertificate({ ...tls, nowMs: Date.now, logger });
  }
}
