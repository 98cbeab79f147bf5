/**
 * A control room as it is meant to be: two hosts with a network between them, and a server that
 * speaks HTTPS by a root of its own, with the plain port where phones begin.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openConsole, type ConsolePage } from './console-page';
import { DESK_ADDRESS, labObstacle, NetworkLab } from './network-lab';
import { startServer, type SignalServer } from './signal-server';
import type { Stage } from './stage';
import { TrustStore, trustStoreObstacle } from './trust-store';

/** The documented ports: the desk is a host of its own, so nobody else has them. */
const PORT = 8443;
const HTTP_PORT = 8080;

/** Where a new phone begins; the code that the console shows says the same. */
export const TRUST_PAGE = `http://${DESK_ADDRESS}:${HTTP_PORT}/trust`;

/** The pages of the server at an address of the desk. */
export function secureOrigin(address: string = DESK_ADDRESS): string {
  return `https://${address}:${PORT}`;
}

/** Why this machine cannot have it; undefined when it can. */
export function secureLanObstacle(): string | undefined {
  return labObstacle() ?? trustStoreObstacle();
}

/** What was set up. */
export interface SecureLan {
  lab: NetworkLab;
  server: SignalServer;
  /** What a phone's link ends with: the key, as a fragment. */
  fragment: string;
  /** The root as the server keeps it. */
  rootFile: string;
  /** What the phone trusts; nothing yet. */
  phoneTrust: TrustStore;
  /** Opens a console on the desk, which trusts the server's root. */
  openConsole(): Promise<ConsolePage>;
}

/**
 * Sets it up; all of it goes with the stage.
 *
 * @param bundle - the server's file; the built one unless told.
 */
export async function openSecureLan(stage: Stage, bundle?: string): Promise<SecureLan> {
  const lab = new NetworkLab(stage);
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-data-'));
  stage.own({ name: dataDir, close: () => rmSync(dataDir, { recursive: true, force: true }) });
  const server = await startServer(stage, {
    host: '0.0.0.0',
    tls: 'auto',
    prefix: lab.prefix('desk'),
    // The last one wins; the address is the one that phones were told.
    options: ['--port', String(PORT), '--http-port', String(HTTP_PORT), '--data-dir', dataDir],
    ...(bundle === undefined ? {} : { bundle }),
  });
  const rootFile = path.join(dataDir, 'tls', 'root.crt');
  return {
    lab,
    server,
    fragment: new URL(server.url('stream')).hash,
    rootFile,
    phoneTrust: new TrustStore(stage),
    openConsole: () => {
      const trust = new TrustStore(stage);
      trust.trust(rootFile);
      return openConsole(stage, server, { executable: trust.chromium(lab.chromium('desk')) });
    },
  };
}
