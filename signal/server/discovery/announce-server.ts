/** Decides whether and where a server is announced, and does it. */
import { isIPv4 } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from '../config';
import type { RunningServer } from '../create-server';
import { VERSION } from '../version';
import { Announcer } from './announcer';
import { multicastAddresses } from './multicast';

/** What is announced. */
export interface AnnounceServerOptions {
  readonly config: Pick<Config, 'discovery' | 'host' | 'name' | 'tls'>;
  readonly server: Pick<RunningServer, 'port' | 'rootFingerprint'>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Announces a server that listens, unless that is switched off or nobody else can reach it. Never
 * throws: without multicast a server is merely not found.
 *
 * @returns the way to say goodbye; resolves when that is done, and may be called again
 */
export function announceServer({
  config,
  server,
  logger,
}: AnnounceServerOptions): () => Promise<void> {
  const isAnnounced = config.discovery && (isWildcard(config.host) || isLanAddress(config.host));
  if (!isAnnounced) return () => Promise.resolve();
  const announcer = new Announcer({
    announcement: {
      name: config.name,
      isSecure: config.tls.mode !== 'off',
      fingerprint: server.rootFingerprint,
      version: VERSION,
    },
    port: server.port,
    addresses: () => announcedAddresses(config.host),
    logger,
  });
  return () => announcer.close();
}

/** IPv4 addresses of the networks where a server that listens at this host can be reached. */
export function announcedAddresses(
  host: string,
  interfaces?: ReturnType<typeof networkInterfaces>,
): string[] {
  if (!isWildcard(host)) return isLanAddress(host) ? [host] : [];
  return multicastAddresses(interfaces);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Names are left out: which of this machine's addresses they mean is not ours to know. */
function isLanAddress(host: string): boolean {
  return isIPv4(host) && !host.startsWith('127.');
}
