/**
 * The packaged application, started as a user starts it. Its fuses keep debuggers out of the main
 * process, so Playwright's Electron support cannot attach; its page is driven through Chromium's
 * own remote debugging instead, which no fuse concerns.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright';
import { projectRoot } from '../../scripts/build/paths';
import { PageRecorder } from './browsers';
import { ConsolePage } from './console-page';
import { installPageProbe } from './page-probe';
import type { Stage } from './stage';
import { until } from './until';
import { VIDEO_CODE } from './video-code';

/** What `npm run dist:dir` makes on Linux; other systems name it otherwise. */
export const packageDir = path.join(projectRoot, 'release', 'linux-unpacked');

/** Its program. */
export const packagedProgram = path.join(packageDir, 'sightline');

/** A running packaged application. */
export interface PackagedApp {
  console: ConsolePage;
  /** All it printed so far. */
  output: () => string;
  /** Asks it to end, as a system that shuts down does; resolves with its exit code. */
  terminate: () => Promise<number | null>;
}

/** Starts the packaged application; it ends with the stage. */
export async function openPackaged(stage: Stage): Promise<PackagedApp> {
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'sightline-packaged-'));
  stage.own({
    name: userDataDir,
    close: () => rm(userDataDir, { recursive: true, force: true, maxRetries: 5 }),
  });
  const child = spawn(
    packagedProgram,
    [
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${userDataDir}`,
      '--port=0',
      '--host=127.0.0.1',
    ],
    { env: { ...stage.environment, SIGHTLINE_TLS: 'off' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const terminate = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await exited;
    }
    return child.exitCode;
  };
  const pages = new PageRecorder();
  stage.own({
    name: 'packaged',
    close: async () => {
      await terminate();
    },
    keepEvidence: (folder) => pages.keepEvidence(folder, 'packaged'),
  });
  const endpoint = await until(
    'the package to open its debugging port',
    () => /DevTools listening on (ws:\S+)/u.exec(output)?.[1],
    (found) => found !== undefined,
  );
  // The defaults are for browsers: Electron has no download behavior to set.
  const browser = await chromium.connectOverCDP(endpoint ?? '', { noDefaults: true });
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('The package has no browser context.');
  await context.addInitScript(installPageProbe, VIDEO_CODE);
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  pages.record(page);
  await page.reload();
  return { console: new ConsolePage(page), output: () => output, terminate };
}
