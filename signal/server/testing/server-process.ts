/** The server's bundle as a process of its own. For tests only. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A process that was started; it is killed when the test ends. */
export interface ServerProcess {
  readonly pid: number | undefined;
  readonly output: { stdout: string; stderr: string };
  /** Exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits for the first line on stdout. */
  readonly firstLine: () => Promise<string>;
}

/**
 * Starts the bundle with these arguments, and with nothing of this process's environment. It
 * speaks plain HTTP and lets everybody in unless told otherwise: what the defaults are must not
 * matter here. Its data is in a folder that goes with the test.
 */
export function runServer(
  bundle: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): ServerProcess {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-data-'));
  const own = { SIGHTLINE_TLS: 'off', SIGHTLINE_ACCESS: 'open', SIGHTLINE_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...own, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
    rmSync(dataDir, { recursive: true, force: true });
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const closed = once(child, 'close');
  return {
    pid: child.pid,
    output,
    exited: closed.then(() => child.exitCode),
    kill: (signal) => void child.kill(signal),
    async firstLine() {
      while (!output.stdout.includes('\n')) {
        await Promise.race([once(child.stdout, 'data'), closed]);
        if (child.exitCode !== null) throw new Error(`It ended: ${output.stderr}`);
      }
      return output.stdout.slice(0, output.stdout.indexOf('\n'));
    },
  };
}
