/**
 * Finds a Chromium for tests: the one named by the environment, else one of the machine's own, else
 * the one that Playwright downloads, else Debian's package.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { projectRoot } from '../build/paths';
import { runBounded } from './run-bounded';
import { findProgram, installDebianPackages, requireLibrariesOf } from './system-packages';

/** Names the Chromium that tests are to use. */
export const CHROMIUM_VARIABLE = 'SIGHTLINE_TEST_CHROMIUM';

/** Some 180 MB: a slow line needs minutes. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** A download server that says nothing for so long is not reachable from here. */
const REACH_TIMEOUT_MS = 8_000;

const PROGRAM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/**
 * Finds a Chromium that is already there; installs nothing.
 *
 * @throws Error when the environment names one that does not exist.
 */
export function findChromium(): string | undefined {
  const named = process.env[CHROMIUM_VARIABLE];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(
      `${CHROMIUM_VARIABLE} names ${named}, which does not exist: correct or unset it.`,
    );
  }
  const installed = PROGRAM_NAMES.map(findProgram).find((file) => file !== undefined);
  return (
    installed ?? [...(PLACES[process.platform] ?? []), chromium.executablePath()].find(existsSync)
  );
}

/**
 * Finds a Chromium or installs one.
 *
 * @returns path of its executable, which has been started once.
 * @throws Error with one sentence that says what to install.
 */
export async function provisionChromium(): Promise<string> {
  const found = findChromium() ?? (await downloadChromium()) ?? (await debianChromium());
  if (found === undefined) {
    throw new Error(
      `No Chromium could be found, downloaded or installed: install Chromium or Chrome ` +
        `(Debian: "sudo apt-get install chromium"), or set ${CHROMIUM_VARIABLE} to one, ` +
        'then run npm test again.',
    );
  }
  const started = await runBounded(found, ['--version'], { timeoutMs: 20_000 });
  if (!started.ok) {
    throw new Error(
      `${found} does not start (${started.stderr.trim().slice(-200)}): repair it, or set ` +
        `${CHROMIUM_VARIABLE} to another Chromium, then run npm test again.`,
    );
  }
  return found;
}

/** Playwright's own download, tried only when its server answers at all. */
async function downloadChromium(): Promise<string | undefined> {
  const host = process.env['PLAYWRIGHT_DOWNLOAD_HOST'] ?? 'https://cdn.playwright.dev';
  const reachable = await fetch(host, {
    method: 'HEAD',
    signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
  })
    .then(() => true)
    .catch(() => false);
  if (!reachable) {
    process.stderr.write(`No Chromium here, and ${host} cannot be reached to download one.\n`);
    return undefined;
  }
  process.stderr.write(`Downloading Chromium from ${host}\n`);
  const cli = path.join(projectRoot, 'node_modules', 'playwright', 'cli.js');
  await runBounded(process.execPath, [cli, 'install', '--no-shell', 'chromium'], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const downloaded = chromium.executablePath();
  if (!existsSync(downloaded)) return undefined;
  await requireLibrariesOf(downloaded);
  return downloaded;
}

async function debianChromium(): Promise<string | undefined> {
  const problem = await installDebianPackages(['chromium']);
  if (problem !== undefined) process.stderr.write(`No Chromium from Debian: ${problem}.\n`);
  return findProgram('chromium');
}
