/**
 * The server as one object: pages, WebSocket and hub on one port, and beside TLS the plain HTTP
 * way in. No globals, so tests make many.
 */
import { existsSync } from 'node:fs';
import type { networkInterfaces } from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import { acceptUpgrades } from './accept-upgrades';
import { openRoom, type OpenRoom } from './access/open-room';
import { withoutKey, type Keys, type ServerUrls } from './addresses';
import { AuditLog } from './audit/audit-log';
import type { Config } from './config';
import { httpRoutes, type Health, type TrustWay } from './http-routes';
import { Hub } from './hub';
import { IceServerSource } from './ice-server-source';
import { AddressLimits } from './limits/address-limits';
import { guardConnections, type GuardOptions } from './limits/guard-connections';
import { limitRequests } from './limits/limit-requests';
import { Refusals } from './limits/refusals';
import { ServerMetrics } from './metrics/server-metrics';
import { Traffic } from './metrics/traffic';
import { openPorts, type OpenPorts, type TlsPorts } from './open-ports';
import { pageFiles, type ServeFile } from './page-files';
import { firstForPhones } from './ready-message';
import { Site } from './site';
import { refreshCertificate } from './tls/refresh-certificate';
import { openCertificates } from './tls/open-certificates';
import { plainHttpRoutes } from './tls/plain-http-routes';
import { trustRoutes } from './tls/trust-routes';
import { originReader, proxyTest, type ReadOrigin } from './trusted-proxies';
import { VERSION } from './version';
import { watchHost, WATCH_INTERVAL_MS } from './watch-host';

/** What a server needs; the clock, the network and the disk are the machine's own. */
export interface ServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built pages. */
  readonly pagesDir: string;
  /** How long TURN credentials are good, in seconds. */
  readonly turnTtlSeconds?: number;
  /** Opens the certificate; tests bring their own network and clock. */
  readonly certificatesOf?: typeof openCertificates;
  /** Reads the machine's networks. */
  readonly interfaces?: typeof networkInterfaces;
  /** Interval of the looks at certificate and addresses, in milliseconds. */
  readonly hostWatchMs?: number;
  /** Called when phones join elsewhere than before. */
  readonly onAddressesChanged?: (urls: ServerUrls) => void;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Port of the plain HTTP way in; undefined without TLS. */
  readonly httpPort: number | undefined;
  readonly urls: ServerUrls;
  /** SHA-256 of our own root, upper-case hex with colons; undefined where there is none. */
  readonly rootFingerprint: string | undefined;
  /** Drains and closes everything; resolves when nothing is left. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 * @throws TlsError when its certificate or its data folder cannot be had
 * @throws ListenError when one of its addresses cannot be had
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { config, logger } = options;
  const certificates = (options.certificatesOf ?? openCertificates)(config, logger);
  const room = openRoom(config, logger);
  const ports = await openPorts(config, certificates, logger);
  const { port, tls } = ports;
  const httpPort = tls?.wayIn.port;
  const { interfaces } = options;
  const keys = (): Keys => (room.book.mode === 'keys' ? room.book.keys.keys : undefined);
  const site = new Site({ host: config.host, port, certificates, httpPort, keys, interfaces });
  const close = serve(options, ports, { site, room });
  let closed: Promise<void> | undefined;
  return {
    port,
    httpPort,
    urls: site.urls,
    rootFingerprint: certificates?.root?.certificate.fingerprint256,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Answers all that comes in by these ports; returns the way to end that. */
function serve(
  options: ServerOptions,
  ports: OpenPorts,
  { site, room }: { readonly site: Site; readonly room: OpenRoom },
): () => Promise<void> {
  const { config, logger, pagesDir } = options;
  const { limits } = config;
  const { main, tls } = ports;
  const startedAtMs = performance.now();
  let status: Health['status'] = 'ok';
  const refusals = new Refusals();
  const traffic = new Traffic();
  const isTrustedProxy = proxyTest(config.trustedProxies);
  const addressLimits = new AddressLimits({ limits, isTrustedProxy, refusals });
  const audit = new AuditLog({ dataDir: config.dataDir, logger });
  const hub = new Hub({
    registryLimits: config,
    room,
    socketLimits: limits,
    refusals,
    traffic,
    audit,
    iceServers: new IceServerSource({ ...config, ttlSeconds: options.turnTtlSeconds }),
    logger,
    serverName: config.name,
    joinAddresses: (publicOrigin) => site.joinAddresses(publicOrigin),
  });
  const health = (): Health => ({
    status,
    version: VERSION,
    uptimeSeconds: Math.round((performance.now() - startedAtMs) / 1000),
    ...hub.counts,
    refusals: refusals.counts,
  });
  const sources = { version: VERSION, census: () => hub.census, traffic };
  const metrics = config.metrics
    ? new ServerMetrics({ ...sources, refusals: () => refusals.counts })
    : undefined;
  const serveFile = pageFiles(pagesDir, logger);
  const readOrigin = originReader(isTrustedProxy, tls !== undefined);
  const trust = trustWay(options, ports, serveFile);
  const insistsOnTls = tls !== undefined && trust === undefined;
  main.on('error', (error) => logger.error({ reason: error.message }, 'server error'));
  const routes = httpRoutes({ serveFile, health, metrics, readOrigin, insistsOnTls, trust });
  main.on('request', limitRequests(routes, addressLimits, readOrigin));
  const guard = { addressLimits, refusals, logger };
  const cutOff = guardConnections(main, guard);
  const { allowedOrigins } = config;
  const isOpenToAll = config.access === 'open';
  const wayInPort = tls?.wayIn.port;
  const upgrades = { server: main, hub, readOrigin, limits, allowedOrigins, isOpenToAll };
  acceptUpgrades({ ...upgrades, wayInPort, ...guard });
  const closeWayIn =
    tls && serveBeside(options, { ...ports, tls, trust, serveFile, readOrigin, guard }, site);
  const stopWatching = followHost(options, { tls, site, hub });
  return async () => {
    status = 'draining';
    stopWatching();
    const stopped = [stopListening(main), ...(closeWayIn === undefined ? [] : [closeWayIn()])];
    await hub.close();
    await audit.close();
    metrics?.close();
    cutOff();
    await Promise.all(stopped);
  };
}

interface Beside {
  readonly port: number;
  readonly tls: TlsPorts;
  readonly trust: TrustWay | undefined;
  readonly serveFile: ServeFile;
  readonly readOrigin: ReadOrigin;
  readonly guard: GuardOptions;
}

/** What goes on beside a TLS server: the way in. */
function serveBeside(options: ServerOptions, beside: Beside, site: Site): () => Promise<void> {
  const { logger } = options;
  const { port, tls, trust, serveFile, readOrigin, guard } = beside;
  const { wayIn } = tls;
  const cutOff = guardConnections(wayIn.server, guard);
  wayIn.server.on('error', (error) => logger.error({ reason: error.message }, 'server error'));
  const routes = plainHttpRoutes({
    trustRoutes: trust?.routes,
    serveFile,
    securePort: port,
    fallbackHost: () => site.bestHost,
    readOrigin,
  });
  wayIn.server.on('request', limitRequests(routes, guard.addressLimits, readOrigin));
  return async () => {
    const stopped = stopListening(wayIn.server);
    cutOff();
    await stopped;
  };
}

/** Keeps up with the machine's addresses and the certificate; returns the way to stop. */
function followHost(
  { logger, hostWatchMs: intervalMs = WATCH_INTERVAL_MS, onAddressesChanged }: ServerOptions,
  {
    tls,
    site,
    hub,
  }: { readonly tls: TlsPorts | undefined; readonly site: Site; readonly hub: Hub },
): () => void {
  return watchHost({
    intervalMs,
    // The certificate first: with TLS only addresses that it covers are given to phones.
    refresh: () => {
      if (tls !== undefined) refreshCertificate(tls, logger);
    },
    readAddresses: () => site.joinAddresses(undefined),
    onChanged: () => {
      const { urls } = site;
      const join = firstForPhones(urls);
      logger.info({ join: join && withoutKey(join) }, 'addresses have changed; phones join here');
      hub.tellJoinAddresses();
      onAddressesChanged?.(urls);
    },
  });
}

function trustWay(
  { config, pagesDir }: ServerOptions,
  { port, tls }: OpenPorts,
  serveFile: ServeFile,
): TrustWay | undefined {
  const root = tls?.certificates.root;
  if (root === undefined || tls === undefined) return undefined;
  const httpPort = tls.wayIn.port;
  const routes = trustRoutes({
    root,
    serverName: config.name,
    securePort: port,
    httpPort,
    hasPage: existsSync(path.join(pagesDir, 'trust.html')),
    serveFile,
  });
  return { routes, httpPort };
}

/** Takes no more connections; resolves when the last one is gone. */
function stopListening(server: OpenPorts['main']): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
