/** What tests ask of the desktop's processes and of its bridge, beside its page. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ElectronApplication, Page } from 'playwright';
import type { DesktopApi, ServerState } from '../../desktop/bridge/contract';
import { projectRoot } from '../../scripts/build/paths';
import { executableOf } from '../../scripts/provision/electron-runtime';
import { until } from './until';

declare global {
  interface Window {
    sightline: DesktopApi;
  }
}

/** Any free port, and a camera that could be opened if it were allowed. */
export const DESKTOP_SWITCHES = [
  '--port=0',
  '--host=127.0.0.1',
  '--use-fake-device-for-media-stream',
];

type DesktopProcess = ChildProcessByStdio<null, Readable, Readable>;

/** What the bridge says of the server. */
export function stateOf(page: Page): Promise<ServerState> {
  return page.evaluate(() => window.sightline.getServerState());
}

/** Waits for a server to be ready and returns its HTTP origin. */
export async function untilReady(
  page: Page,
  kind: ServerState['kind'] = 'embedded',
): Promise<string> {
  const state = await until(
    `the ${kind} server to be ready`,
    () => stateOf(page),
    (seen) => seen.state === 'ready' && seen.kind === kind,
  );
  return state.state === 'ready' ? state.origin.replace(/^ws/u, 'http') : '';
}

/** Process of the embedded server, once there is one. */
export async function serverPid(app: ElectronApplication): Promise<number> {
  const pid = await until(
    'the server process',
    () =>
      app.evaluate(
        ({ app: electron }) =>
          electron.getAppMetrics().find((process) => process.name === 'Sightline server')?.pid,
      ),
    (found) => found !== undefined,
  );
  return pid ?? 0;
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Signal 0 only asks; it fails when nobody is there.
    return false;
  }
}

/** Whether a server answers at an HTTP origin. */
export async function isServing(origin: string): Promise<boolean> {
  return fetch(`${origin}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

/**
 * Process of the page of the desktop that keeps its settings in this folder. Chromium renames its
 * processes over their environment, so a stage's mark cannot be read from it.
 */
export function rendererOf(folder: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    const file = `/proc/${pid}/cmdline`;
    const command = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (command.includes('--type=renderer') && command.includes(folder)) return Number(pid);
  }
  throw new Error('The desktop has no page.');
}

/** Starts the desktop without Playwright; the caller ends it. */
export function launchDesktop(args: string[], env: Record<string, string>): DesktopProcess {
  const distPath = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  return spawn(
    executableOf({ distPath }),
    [projectRoot, '--no-sandbox', '--disable-gpu', ...args],
    // Plain HTTP unless a test says otherwise: whom the desktop trusts has tests of its own.
    { env: { SIGHTLINE_TLS: 'off', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

/** Waits for a desktop to end; `output` is all it printed. */
export async function endOf(
  child: DesktopProcess,
): Promise<{ code: number | null; output: string }> {
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}
