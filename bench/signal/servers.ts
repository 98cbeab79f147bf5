/** The two that are compared, each a process on the same core: the server and the bare relay. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { startServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { roomStateSchema } from '../../signal/server/access/room-state';
import { makeCertificates } from '../../signal/server/testing/test-certificates';
import { INSPECTED } from './inspected';
import type { FleetPlan } from './load/fleet';
import { onCore, SERVER_CORE } from './pin';

/** A server that runs. */
export interface LoadedServer {
  readonly pid: number;
  /** How its clients reach it and come in. */
  readonly access: Pick<FleetPlan, 'target' | 'keys'>;
  /** All that it wrote to standard error. */
  readonly printed: () => string;
  readonly stop: () => Promise<void>;
}

/** How both are started. */
export interface ServerSettings {
  readonly isSecure: boolean;
  /** Whether Node's inspector is open, to collect garbage by; it costs some memory of its own. */
  readonly isInspected?: boolean;
}

/** Opens every limit as far as its option goes: here one address is thousands of clients. */
const WIDE_OPEN = [
  ['--max-clients', '100000'],
  ['--max-streams', '10000'],
  ['--max-strangers', '100000'],
  ['--max-messages', '100000'],
  ['--max-kib', '100000'],
  ['--max-sessions', '10000'],
  ['--discovery', 'off'],
].flat();

/** Starts Sightline's server, as built; it ends with the stage unless stopped before. */
export async function startSightline(
  stage: Stage,
  { isSecure, isInspected = false }: ServerSettings,
): Promise<LoadedServer> {
  const dataDir = await temporaryFolder(stage);
  const { certFile, keyFile } = await certificateIn(dataDir);
  const server = await startServer(stage, {
    prefix: [...onCore(SERVER_CORE), ...(isInspected ? ['env', `NODE_OPTIONS=${INSPECTED}`] : [])],
    options: [
      ...['--data-dir', dataDir, ...WIDE_OPEN],
      ...(isSecure ? ['--cert', certFile, '--key', keyFile, '--http-port', '0'] : []),
    ],
    tls: isSecure ? 'auto' : 'off',
  });
  const state = JSON.parse(await readFile(path.join(dataDir, 'access.json'), 'utf8')) as unknown;
  const port = Number(new URL(server.url('ws')).port);
  return {
    pid: server.pid,
    access: {
      target: { host: '127.0.0.1', port, isSecure },
      keys: v.parse(roomStateSchema, state).keys,
    },
    printed: () => server.logged,
    stop: () => server.kill(),
  };
}

/** Starts the bare relay. */
export async function startBare(
  stage: Stage,
  bundle: string,
  { isSecure, isInspected = false }: ServerSettings,
): Promise<LoadedServer> {
  const { certFile, keyFile } = await certificateIn(await temporaryFolder(stage));
  const [command = '', ...args] = [
    ...onCore(SERVER_CORE),
    ...[process.execPath, ...(isInspected ? [INSPECTED] : []), bundle],
    ...(isSecure ? ['--cert', certFile, '--key', keyFile] : []),
  ];
  const child = spawn(command, args, {
    env: stage.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  stage.own({ name: 'bare relay', close: stop });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  const ready: unknown[] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`No bare relay: ${printed}`))),
  ]);
  const { port } = v.parse(v.object({ port: v.number() }), JSON.parse(String(ready[0])));
  return {
    pid: child.pid ?? 0,
    access: { target: { host: '127.0.0.1', port, isSecure } },
    printed: () => printed,
    stop,
  };
}

async function temporaryFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
  stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
  return folder;
}

/** The same kind of certificate for both: what a handshake costs depends on it. */
async function certificateIn(folder: string): Promise<{ certFile: string; keyFile: string }> {
  const { root, leaf, leafKeyPem } = makeCertificates();
  const certFile = path.join(folder, 'own.crt');
  const keyFile = path.join(folder, 'own.key');
  await writeFile(certFile, `${leaf.toString()}${root.toString()}`);
  await writeFile(keyFile, leafKeyPem);
  return { certFile, keyFile };
}
