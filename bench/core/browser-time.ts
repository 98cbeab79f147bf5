/** Time that the processes of one browser have spent on a processor. */
import type { Browser } from 'playwright';
import * as v from 'valibot';
import { cpuSecondsOf } from './cpu-time';

const processSchema = v.object({
  processInfo: v.array(v.object({ type: v.string(), id: v.number() })),
});

/** Seconds spent so far by kind of process: `browser`, `renderer`, `GPU` and services. */
export type BrowserTime = ReadonlyMap<string, number>;

/** Reads what a browser's processes have spent so far. */
export async function readBrowserTime(browser: Browser): Promise<BrowserTime> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = v.parse(processSchema, await session.send('SystemInfo.getProcessInfo'));
    const times = new Map<string, number>();
    for (const { type, id } of processInfo) {
      times.set(type, (times.get(type) ?? 0) + cpuSecondsOf(id));
    }
    return times;
  } finally {
    await session.detach();
  }
}

/** A browser's load over some time, in percent of one core. */
export interface BrowserLoad {
  readonly renderer: number;
  readonly total: number;
}

/**
 * Starts to watch a browser's load.
 *
 * @returns the way to end it and learn the load since
 */
export async function watchBrowserLoad(browser: Browser): Promise<() => Promise<BrowserLoad>> {
  const startedAt = performance.now();
  const before = await readBrowserTime(browser);
  return async () => {
    const after = await readBrowserTime(browser);
    const seconds = (performance.now() - startedAt) / 1_000;
    const loadOf = (kinds: Iterable<string>) => {
      let spent = 0;
      for (const kind of kinds) spent += (after.get(kind) ?? 0) - (before.get(kind) ?? 0);
      return (spent / seconds) * 100;
    };
    return { renderer: loadOf(['renderer']), total: loadOf(after.keys()) };
  };
}
