/**
 * `npm start`: builds what is stale, then opens the desktop console with its own server. Where no
 * window can be had it says why and serves the console to a browser instead.
 *
 * Options of the server may be given (`npm start -- --port 9000`); other arguments go to Electron.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ensureBuilt } from './build';
import { projectRoot, serverBundle } from './build/paths';
import { downloadedRuntime, installedRuntime, overriddenRuntime } from './provision/electron';
import { executableOf, type ElectronRuntime } from './provision/electron-runtime';
import { obstacleTo, splitArguments } from './start/desktop-plan';

/** A window that ends this soon, and not by itself, never opened: sandbox, libraries, display. */
const FAILED_START_MS = 10_000;

/** Exit code of the desktop for a bad option. */
const BAD_OPTIONS = 2;

/** Time a Ctrl-C of the terminal, which reaches every child too, has to end the desktop. */
const INTERRUPT_GRACE_MS = 2_000;

const args = process.argv.slice(2);

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  await ensureBuilt();
  if (args.includes('--help') || args.includes('--version')) {
    serve(args);
    return;
  }
  const obstacle = obstacleTo({
    platform: process.platform,
    env: process.env,
    userId: process.getuid?.(),
    args,
  });
  if (obstacle === undefined) await openDesktop();
  else serveInstead(obstacle);
}

async function openDesktop(): Promise<void> {
  const runtime = await findRuntime();
  if (runtime === undefined) {
    serveInstead(
      'Electron could not be downloaded, so the console is served to your browser instead.',
    );
    return;
  }
  const startedAt = performance.now();
  const { code, isInterrupted } = await runDesktop(runtime);
  const hasFailed = code !== 0 && code !== BAD_OPTIONS && !isInterrupted;
  if (hasFailed && performance.now() - startedAt < FAILED_START_MS) {
    serveInstead('Electron cannot run here, so the console is served to your browser instead.');
    return;
  }
  process.exitCode = isInterrupted ? 0 : code;
}

/** The Electron of the `electron` package; never the one that tests may fall back to. */
async function findRuntime(): Promise<ElectronRuntime | undefined> {
  const present = (await overriddenRuntime()) ?? (await installedRuntime());
  if (present !== undefined) return present;
  console.error('Fetching Electron, about 110 MB, once…');
  return downloadedRuntime();
}

/** Runs the desktop to its end; whoever stops `npm start` stops it too. */
async function runDesktop(
  runtime: ElectronRuntime,
): Promise<{ code: number; isInterrupted: boolean }> {
  const { serverEnv, electronArgs } = splitArguments(args);
  const desktop = spawn(executableOf(runtime), [projectRoot, ...electronArgs], {
    stdio: 'inherit',
    env: { ...process.env, ...serverEnv },
  });
  const outcome = { code: 0, isInterrupted: false };
  let grace: NodeJS.Timeout | undefined;
  const end = (): void => {
    outcome.isInterrupted = true;
    desktop.kill('SIGTERM');
  };
  const endSoon = (): void => {
    outcome.isInterrupted = true;
    grace ??= setTimeout(end, INTERRUPT_GRACE_MS);
  };
  process.on('SIGINT', endSoon);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  try {
    outcome.code = await new Promise<number>((resolve) => {
      desktop.once('error', () => resolve(1));
      desktop.once('exit', (code) => resolve(code ?? 1));
    });
    return outcome;
  } finally {
    clearTimeout(grace);
    process.off('SIGINT', endSoon);
    process.off('SIGTERM', end);
    process.off('SIGHUP', end);
  }
}

function serveInstead(reason: string): void {
  console.error(reason);
  const { serverEnv, electronArgs } = splitArguments(args);
  if (electronArgs.length > 0) console.error(`Not used here: ${electronArgs.join(' ')}`);
  Object.assign(process.env, serverEnv);
  serve([]);
}

/** Runs the headless server in this very process, so that signals and exit codes need no relay. */
function serve(serverArgs: string[]): void {
  process.argv.splice(2, Infinity, ...serverArgs);
  createRequire(import.meta.url)(serverBundle);
}
