import { spawn } from 'node:child_process';

/** What became of a program that was given only so much time. */
export interface BoundedRun {
  /** True when it ended by itself with exit code 0. */
  ok: boolean;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end and collects what it prints. One that takes longer than `timeoutMs` is
 * killed, and one that cannot be started counts as failed.
 */
export async function runBounded(
  command: string,
  args: string[],
  options: { timeoutMs: number; cwd?: string },
): Promise<BoundedRun> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      // npm is a batch file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && command === 'npm',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', (error) => resolve({ ok: false, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, stdout, stderr }));
  });
}
