/** Runs one attack in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../../scripts/build/paths';
import type { Stage } from '../stage';
import type { Target } from './target';

/** An attack under way. */
export interface Assault {
  /** When it began, in milliseconds since the epoch. */
  readonly beganAt: number;
  /** What came of it, in the attacker's words. */
  readonly outcome: Promise<string>;
}

/**
 * Starts an attack; resolves when it has begun.
 *
 * @param prefix - what to put before the command, such as `ip netns exec NAME`.
 */
export async function attack(
  stage: Stage,
  name: string,
  { prefix, target }: { prefix: readonly string[]; target: Target },
): Promise<Assault> {
  const program = path.join(projectRoot, 'e2e', 'programs', 'attacker.ts');
  const args = ['--import', 'tsx', program, name, JSON.stringify(target)];
  const command = [...prefix, process.execPath, ...args];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: stage.environment,
  });
  stage.own({ name: `attacker: ${name}`, close: () => void child.kill('SIGKILL') });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const exited = once(child, 'exit');
  await Promise.race([once(reader, 'line'), exited]);
  const outcome = exited.then(() => lines[1] ?? 'the attacker itself broke down');
  return { beganAt: Date.now(), outcome };
}
