/**
 * A display that exists only for the tests: windows never open on a developer's own screen, and a
 * machine without one can run them too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { requireProgram } from './system-packages';

/** Room for the largest window the tests open. */
const SCREEN = '1920x1080x24';

/** An X server comes up in well under a second; this is for a very busy machine. */
const START_TIMEOUT_MS = 20_000;

/** A running virtual display. */
export interface VirtualDisplay {
  /** What to put into the environment of programs that open windows. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/**
 * Starts Xvfb on Linux; elsewhere the system's own display serves and nothing is started.
 *
 * @throws Error with one sentence that says what to install.
 */
export async function startDisplay(): Promise<VirtualDisplay> {
  if (process.platform !== 'linux') return { environment: {}, close: () => Promise.resolve() };
  const program = await requireProgram('Xvfb', 'xvfb');
  // With -displayfd the server picks a free number by itself and reports it once it listens.
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'];
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const report = server.stdio[3];
  let complaint = '';
  server.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const stopWithUs = () => server.kill('SIGKILL');
  process.once('exit', stopWithUs);

  const close = async () => {
    process.removeListener('exit', stopWithUs);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  };
  try {
    if (report === null || report === undefined || !('on' in report && 'read' in report)) {
      throw new Error('it has no pipe to report on');
    }
    const lines = createInterface({ input: report });
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    const number: unknown[] = await Promise.race([
      once(lines, 'line', { signal }),
      once(server, 'exit', { signal }).then(() => Promise.reject(new Error('it ended at once'))),
    ]);
    lines.close();
    return { environment: { DISPLAY: `:${String(number[0])}` }, close };
  } catch (error) {
    await close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Xvfb (${program}) did not start: ${reason}. ${complaint.trim().slice(-200)}`, {
      cause: error,
    });
  }
}
