/** The console in real Electron, with its own embedded server. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { projectRoot } from '../../scripts/build/paths';
import { PageRecorder } from './browsers';
import { ConsolePage } from './console-page';
import { installPageProbe } from './page-probe';
import type { Stage } from './stage';
import { VIDEO_CODE } from './video-code';

/** Electron starts within a few seconds; this is for a very busy machine. */
const START_TIMEOUT_MS = 60_000;

/** All is closed by then, and what is left takes some hundredths of a second. */
const TEARDOWN_TIMEOUT_MS = 20_000;

/** Printed by the application when it has quit and its process is about to end. */
const QUIT_LINE = 'sightline-test: the application has quit';

/** A running desktop application. */
export interface DesktopApp {
  app: ElectronApplication;
  console: ConsolePage;
  /** Where it keeps its settings, emptied when the stage ends. */
  userDataDir: string;
  /** All it printed so far, its server's log included. */
  output: () => string;
}

/** How the application is started. */
export interface DesktopSettings {
  /** Switches of its own, such as `--port=0`. */
  args?: string[];
  /** Folder of settings to start with; a new one unless told. */
  userDataDir?: string;
  /** Further environment; the embedded server reads its `SIGHTLINE_…` variables. */
  environment?: Record<string, string>;
}

/** Starts the application from the project's folder; it ends with the stage. */
export async function openDesktop(
  stage: Stage,
  settings: DesktopSettings = {},
): Promise<DesktopApp> {
  const distPath = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (distPath === undefined) throw new Error('There is no Electron: run npm test.');
  const userDataDir = settings.userDataDir ?? (await temporaryFolder(stage));
  const app = await _electron.launch({
    executablePath: electronBinary(distPath),
    args: [
      projectRoot,
      // Root has no Chromium sandbox; the tests' Electron also has no GPU.
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${userDataDir}`,
      ...(settings.args ?? ['--port=0', '--host=127.0.0.1']),
    ],
    env: { ...stage.environment, SIGHTLINE_TLS: 'off', ...settings.environment },
    timeout: START_TIMEOUT_MS,
  });
  const child = app.process();
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const pages = new PageRecorder();
  stage.own({
    name: 'desktop',
    close: () => closeDesktop(app, child),
    async keepEvidence(folder) {
      await pages.keepEvidence(folder, 'desktop');
      await writeFile(path.join(folder, 'desktop.log'), output);
    },
  });
  await app.context().addInitScript(installPageProbe, VIDEO_CODE);
  const page = await app.firstWindow();
  pages.record(page);
  // The window may have loaded its page before the probe was in place.
  await page.reload();
  return { app, console: new ConsolePage(page), userDataDir, output: () => output };
}

/**
 * Quits the application as a person does, and waits for its process to end.
 *
 * Seen once in the tests' Electron: with everything closed, its Node 18 went round in circles for
 * ever in `node::FreeEnvironment` (compare nodejs/node issue 47748). Where the application had quit
 * by then, its process is ended, and said so; where it had not, it is the application that hangs,
 * and that fails.
 */
async function closeDesktop(app: ElectronApplication, child: ChildProcess): Promise<void> {
  // A test may have ended it.
  if (child.exitCode !== null || child.signalCode !== null) return;
  let hasQuit = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    hasQuit ||= chunk.toString().includes(QUIT_LINE);
  });
  // Fails where it is ending already: whether it ends is for `close` to say.
  await app
    .evaluate(({ app: electron }, line) => {
      electron.once('quit', () => process.stderr.write(`${line}\n`));
    }, QUIT_LINE)
    .catch(() => undefined);
  const stuck = setTimeout(() => {
    if (!hasQuit) return;
    process.stderr.write('The desktop had quit, but its process did not end; it was killed.\n');
    child.kill('SIGKILL');
  }, TEARDOWN_TIMEOUT_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(stuck);
  }
}

async function temporaryFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-desktop-'));
  stage.own({
    name: folder,
    close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  });
  return folder;
}

function electronBinary(distPath: string): string {
  if (process.platform === 'darwin')
    return path.join(distPath, 'Electron.app/Contents/MacOS/Electron');
  return path.join(distPath, process.platform === 'win32' ? 'electron.exe' : 'electron');
}
