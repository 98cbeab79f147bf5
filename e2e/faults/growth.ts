/** What a fault leaves behind in the processes that lived through it. */
import type { Page } from 'playwright';
import { readPageVitals, type PageVitals } from '../harness/page-vitals';
import type { ServerVitals, VitalsProbe } from '../harness/server-vitals';
import type { SignalServer } from '../harness/signal-server';
import { pause } from '../harness/until';
import { isFull } from './fault-table';

/** Node closes a connection that fetched something after five seconds without another request. */
const KEEP_ALIVE_MS = isFull ? 7_000 : 0;

/** Whose growth is looked at. */
export interface Watched {
  /** Absent where the fault ends the server itself. */
  readonly server?: { readonly probe: VitalsProbe; readonly process: SignalServer };
  readonly pages: Readonly<Record<string, Page>>;
}

/** Begins to look; the function it returns tells the growth since, in words. */
export async function watchGrowth(watched: Watched): Promise<() => Promise<string>> {
  // Connections that fetched the pages are kept alive for some seconds; they are not counted.
  if (watched.server !== undefined) await pause(KEEP_ALIVE_MS);
  const before = await read(watched);
  return async () => {
    const after = await read(watched);
    const words: string[] = [];
    if (before.server !== undefined && after.server !== undefined) {
      const handles = after.server.resources.length - before.server.resources.length;
      const files = after.server.descriptors - before.server.descriptors;
      const memory = signed(after.server.rssBytes - before.server.rssBytes);
      words.push(`server ${memory}, ${signedCount(handles)} handles, ${signedCount(files)} files`);
    }
    for (const [name, vitals] of after.pages) {
      const former = before.pages.get(name);
      if (former === undefined) continue;
      const links = vitals.connections - former.connections;
      words.push(
        `${name} ${signed(vitals.heapBytes - former.heapBytes)}, ${signedCount(links)} peer connections`,
      );
    }
    return words.join('; ');
  };
}

interface Reading {
  readonly server: ServerVitals | undefined;
  readonly pages: ReadonlyMap<string, PageVitals>;
}

async function read({ server, pages }: Watched): Promise<Reading> {
  const readings = new Map<string, PageVitals>();
  for (const [name, page] of Object.entries(pages)) readings.set(name, await readPageVitals(page));
  return { server: await server?.probe.read(server.process), pages: readings };
}

function signed(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  return `${megabytes < 0 ? '−' : '+'}${Math.abs(megabytes).toFixed(1)} MB`;
}

function signedCount(count: number): string {
  return `${count < 0 ? '−' : '+'}${Math.abs(count)}`;
}
