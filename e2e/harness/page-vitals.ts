/** What a page holds after a garbage collection. Chromium only. */
import type { Page } from 'playwright';

/** What a page holds at a moment. */
export interface PageVitals {
  readonly heapBytes: number;
  /** Peer connections that are not closed. */
  readonly connections: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Collects a page's garbage and counts what is left. */
export async function readPageVitals(page: Page): Promise<PageVitals> {
  const connections = await page.evaluate(() => {
    // The probe alone would keep those that the page has let go.
    const { sightlineProbe: probe } = window;
    probe.connections = probe.connections.filter((pc) => pc.connectionState !== 'closed');
    return probe.connections.length;
  });
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    for (let round = 0; round < 2; round += 1) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    return { heapBytes: usedSize, connections, nodes, listeners: jsEventListeners };
  } finally {
    await session.detach();
  }
}
