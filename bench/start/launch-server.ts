/** How long a headless server takes from its launch to the line that says that it listens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Stage } from '../../e2e/harness/stage';

/**
 * Launches a server and ends it again.
 *
 * @param args - of Node
 * @returns milliseconds until its first line
 * @throws Error when it ends before
 */
export async function timeServer(stage: Stage, args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: stage.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    await Promise.race([
      once(lines, 'line'),
      ended.then(() => Promise.reject(new Error(`${args.join(' ')} ended before it was ready.`))),
    ]);
    return performance.now() - startedAt;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
