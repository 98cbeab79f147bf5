/** Time that all processes of one browser have spent on a processor, from Linux's `/proc`. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import * as v from 'valibot';

/** Ticks of `/proc/PID/stat` per second: USER_HZ, which is 100 on every machine Linux runs here on. */
const TICKS_PER_SECOND = 100;

/** `utime` and `stime`, counted from the field after the command's closing parenthesis. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

const processSchema = v.object({
  processInfo: v.array(v.object({ type: v.string(), id: v.number() })),
});

/** Seconds spent so far by kind of process: `browser`, `renderer`, `GPU` and services. */
export type CpuTimes = ReadonlyMap<string, number>;

/** Reads what the browser's processes have spent so far. */
export async function readCpuTimes(browser: Browser): Promise<CpuTimes> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = v.parse(processSchema, await session.send('SystemInfo.getProcessInfo'));
    const times = new Map<string, number>();
    for (const { type, id } of processInfo) {
      times.set(type, (times.get(type) ?? 0) + secondsOf(id));
    }
    return times;
  } finally {
    await session.detach();
  }
}

function secondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command may hold spaces and parentheses; nothing after its last one does.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
}
