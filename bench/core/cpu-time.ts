/**
 * Time that a process has spent on a processor, from Linux's `/proc`, in nanoseconds of the
 * scheduler: `/proc/PID/stat` counts in hundredths of a second, too coarse for windows of 2 s.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Nanoseconds in a second. */
const SECOND_NS = 1e9;

/**
 * Seconds that the living threads of a process have run so far. A thread that ends takes its time
 * with it, so compare only readings between which none did, or accept a little less.
 */
export function cpuSecondsOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const file = `/proc/${pid}/task/${thread}/schedstat`;
    // A thread may end between the two looks.
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '0';
    nanoseconds += Number(text.split(' ')[0]);
  }
  return nanoseconds / SECOND_NS;
}
