/** On what the figures were measured; without it they say nothing. */
import os from 'node:os';
import { projectRoot } from '../../scripts/build/paths';
import { runBounded } from '../../scripts/provision/run-bounded';

/** Programs that took part. */
export interface Programs {
  /** Path of the Chromium. */
  readonly chromium: string;
  /** Version of the Electron. */
  readonly electron: string;
}

/** One line that names the machine, its programs, the day and the commit. */
export async function describeMachine({ chromium, electron }: Programs): Promise<string> {
  const cpus = os.cpus();
  const memoryGiB = Math.round(os.totalmem() / 1024 ** 3);
  const browser = await firstLineOf(chromium, ['--version']);
  return [
    `${cpus[0]?.model.trim() ?? 'unknown processor'}, ${cpus.length} cores, ${memoryGiB} GiB`,
    `${os.type()} ${os.release()}`,
    `Node ${process.versions.node}`,
    browser,
    `Electron ${electron}`,
    new Date().toISOString().slice(0, 10),
    `commit ${await commit()}`,
  ].join('; ');
}

async function commit(): Promise<string> {
  const git = ['-C', projectRoot];
  const head = await firstLineOf('git', [...git, 'rev-parse', '--short', 'HEAD']);
  // The file that this line is written to changes with every run, so it does not count.
  const others = [':!bench/RESULTS.md'];
  const changed = await firstLineOf('git', [...git, 'status', '--porcelain', '--', '.', ...others]);
  return changed === '' ? head : `${head} with changes`;
}

async function firstLineOf(command: string, args: string[]): Promise<string> {
  const ran = await runBounded(command, args, { timeoutMs: 20_000 });
  return ran.ok ? (ran.stdout.split('\n')[0] ?? '').trim() : 'unknown';
}
