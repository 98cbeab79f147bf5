/** A look into a Node process by its own inspector: no way in that the program would have to offer. */
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { readFileSync } from 'node:fs';

/** What makes Node open its inspector, on any free port; for `NODE_OPTIONS`. */
export const INSPECTED = '--inspect=127.0.0.1:0';

const answerSchema = v.object({ id: v.number() });

/**
 * Memory that a process holds once all garbage is collected.
 *
 * @param printed - what it wrote to standard error, where Node names its inspector
 * @returns resident bytes
 */
export async function memoryOf(pid: number, printed: string): Promise<number> {
  const url = /Debugger listening on (?<url>ws:\S+)/u.exec(printed)?.groups?.['url'];
  if (url === undefined) throw new Error('The process has no inspector.');
  const socket = new WebSocket(url, { perMessageDeflate: false });
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (v.is(answerSchema, JSON.parse(data.toString()))) resolve();
      });
    });
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    await answered;
    return residentBytes(pid);
  } finally {
    socket.terminate();
  }
}

/** Bytes of a process that are in memory, from Linux's `/proc`. */
function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(?<kib>\d+) kB$/mu.exec(status)?.groups?.['kib']) * 1024;
}
