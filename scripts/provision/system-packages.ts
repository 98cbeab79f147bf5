/**
 * Programs and libraries of the system that tests need. What is missing is installed where that can
 * be done without asking: as root on Debian or one of its descendants. Elsewhere the caller learns
 * what to install.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runBounded } from './run-bounded';

/** A slow mirror may take this long for some 100 MB, in milliseconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/** Package lists that were fetched once are good for the whole run. */
let listsFetched = false;

/** Finds a program in the `PATH` or where administrators' programs lie; undefined when absent. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/**
 * Installs Debian packages.
 *
 * @returns undefined when they are installed, else why they could not be.
 */
export async function installDebianPackages(packages: string[]): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'only Debian packages can be installed by this script';
  if (findProgram('apt-get') === undefined) return 'apt-get is not on this machine';
  if (process.getuid?.() !== 0) return 'only root can install packages';
  process.stderr.write(`Installing Debian packages: ${packages.join(' ')}\n`);
  if (!listsFetched) {
    // Stale lists still serve when the mirror cannot be reached, so a failure here is not final.
    await aptGet(['update']);
    listsFetched = true;
  }
  const done = await aptGet(['install', '-y', '--no-install-recommends', ...packages]);
  return done.ok ? undefined : `apt-get failed: ${lastLine(done.stderr)}`;
}

/**
 * Makes sure that a program is there.
 *
 * @returns its path.
 * @throws Error with one sentence that says what to install.
 */
export async function requireProgram(name: string, debianPackage: string): Promise<string> {
  const found = findProgram(name);
  if (found !== undefined) return found;
  const problem = await installDebianPackages([debianPackage]);
  const installed = findProgram(name);
  if (installed !== undefined) return installed;
  throw new Error(
    `${name} is missing and could not be installed (${problem ?? 'the package lacks it'}): ` +
      `install it by "sudo apt-get install ${debianPackage}" or your system's own way, ` +
      'then run npm test again.',
  );
}

/** Debian packages that bring the libraries an unpacked Electron or Chromium links to. */
const BROWSER_LIBRARIES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxkbcommon0',
];

/**
 * Makes sure that the libraries a browser binary links to are there (Linux only; elsewhere they
 * come with it).
 *
 * @throws Error with one sentence that says what to install.
 */
export async function requireLibrariesOf(binary: string): Promise<void> {
  if (process.platform !== 'linux') return;
  if ((await missingLibraries(binary)).length === 0) return;
  const problem = await installDebianPackages(BROWSER_LIBRARIES);
  const missing = await missingLibraries(binary);
  if (missing.length === 0) return;
  throw new Error(
    `${binary} needs libraries this machine lacks (${missing.join(', ')}` +
      `${problem === undefined ? '' : `; ${problem}`}): install them by ` +
      `"sudo apt-get install ${BROWSER_LIBRARIES.join(' ')}", then run npm test again.`,
  );
}

async function missingLibraries(binary: string): Promise<string[]> {
  const listed = await runBounded('ldd', [binary], { timeoutMs: 10_000 });
  return [...listed.stdout.matchAll(/^\s*(\S+) => not found/gmu)].map((match) => match[1] ?? '');
}

async function aptGet(args: string[]) {
  return runBounded(
    'env',
    ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args],
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
