/** A program with all of its processes: what it spends, and the core that it runs on. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import * as v from 'valibot';
import { findProgram } from '../../scripts/provision/system-packages';
import { cpuSecondsOf } from './cpu-time';

const processSchema = v.object({
  processInfo: v.array(v.object({ type: v.string(), id: v.number() })),
});

/** The process that all others of a browser come from. */
export async function mainProcessOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = v.parse(processSchema, await session.send('SystemInfo.getProcessInfo'));
    const main = processInfo.find(({ type }) => type === 'browser');
    if (main === undefined) throw new Error('The browser names no process of its own.');
    return main.id;
  } finally {
    await session.detach();
  }
}

/** A process and all that came of it, the living ones. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    const file = `/proc/${name}/stat`;
    if (!existsSync(file)) continue;
    const stat = readFileSync(file, 'utf8');
    // The command may hold spaces and parentheses; nothing after its last one does.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  // Grows while it is walked.
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Seconds that processes have spent so far; one that has ended counts no more. */
export function cpuSecondsOfAll(pids: readonly number[]): number {
  const living = pids.filter((pid) => existsSync(`/proc/${pid}/task`));
  return living.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
}

/**
 * Keeps a program on one core, and all that comes of it from now on.
 *
 * @returns whether that can be done here
 */
export function pinTree(root: number, core: number): boolean {
  const taskset = findProgram('taskset');
  if (taskset === undefined) return false;
  for (const pid of treeOf(root)) {
    execFileSync(taskset, ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
      stdio: 'ignore',
    });
  }
  return true;
}
