/**
 * Finds processes a test left behind. Every process a stage starts carries the stage's mark in its
 * environment, which its own children inherit, so that even one that lost its parent is found.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that marks what belongs to a stage. */
export const STAGE_MARK = 'SIGHTLINE_TEST_STAGE';

/** A process and its command line. */
export interface MarkedProcess {
  pid: number;
  command: string;
}

/**
 * Lists what still runs with a stage's mark. Needs Linux's `/proc`; elsewhere nothing is found.
 */
export function markedProcesses(mark: string): MarkedProcess[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${STAGE_MARK}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .filter((name) => readProc(name, 'environ').split('\0').includes(wanted))
    .map((name) => ({
      pid: Number(name),
      command: readProc(name, 'cmdline').replaceAll('\0', ' ').slice(0, 160),
    }));
}

/** Empty for a process that ended meanwhile, and for a zombie. */
function readProc(pid: string, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
