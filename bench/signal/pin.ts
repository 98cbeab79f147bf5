/** Each process on a core of its own, so that load and server do not take each other's time. */
import { availableParallelism } from 'node:os';
import { findProgram } from '../../scripts/provision/system-packages';

/** Where a server runs, and where its load. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** What to put before a command; nothing where that cannot be had or would not help. */
export function onCore(core: number): string[] {
  const taskset = availableParallelism() > core ? findProgram('taskset') : undefined;
  return taskset === undefined ? [] : [taskset, '-c', String(core)];
}
