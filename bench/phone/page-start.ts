/** What a phone's page costs before anybody taps: bytes, and time on a slow phone. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright';
import { until } from '../../e2e/harness/until';
import { webDir } from '../../scripts/build/paths';

/** A main thread that was free for so long after its last long task is taken to stay so. */
const QUIET_MS = 500;

/** A phone of the lower middle, as developer tools and web performance audits stand in for one. */
const SLOWDOWN = 4;

/** One load of a page. */
export interface PageStart {
  /** From the navigation until Start is there and the main thread free, in milliseconds. */
  readonly interactiveMs: number;
  /**
   * Files that were asked for until Start was there, by their paths on the server; without those
   * that a page that has loaded fetches ahead, for when its server is gone.
   */
  readonly files: readonly string[];
}

declare global {
  interface Window {
    benchStart: { readyAt: number | undefined; lastLongTaskEnd: number };
  }
}

/** Loads a page once in a browser that has none of its files, its processor four times as slow. */
export async function loadSlowly(browser: Browser, url: string): Promise<PageStart> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    // Scripts run by tsx carry calls of its helper for function names into pages.
    await page.addInitScript('globalThis.__name ??= (named) => named;');
    await page.addInitScript(watchStart);
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.goto(url);
    const start = await until(
      'Start to be usable',
      () =>
        page.evaluate(() => ({
          ...window.benchStart,
          now: performance.now(),
          files: [
            { name: location.href, startTime: 0 },
            ...performance
              .getEntriesByType('resource')
              .map(({ name, startTime }) => ({ name, startTime })),
          ],
          loadedAt: (performance.getEntriesByType('navigation') as PerformanceNavigationTiming[])[0]
            ?.loadEventStart,
        })),
      ({ readyAt, lastLongTaskEnd, now }) =>
        readyAt !== undefined && now - Math.max(readyAt, lastLongTaskEnd) > QUIET_MS,
      { everyMs: 100 },
    );
    const readyAt = start.readyAt ?? Number.NaN;
    const loadedAt = start.loadedAt ?? Number.NaN;
    return {
      interactiveMs: Math.max(readyAt, start.lastLongTaskEnd),
      files: start.files
        .filter(({ startTime }) => startTime < Math.min(readyAt, loadedAt))
        .map(({ name }) => new URL(name).pathname),
    };
  } finally {
    await context.close();
  }
}

/** Bytes of built files, gzipped one by one as they are sent. */
export async function gzippedBytes(pathnames: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    pathnames.map(async (pathname) => {
      const name = path.extname(pathname) === '' ? `${pathname}.html` : pathname;
      return gzipSync(await readFile(path.join(webDir, name)), { level: 9 }).byteLength;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Runs inside a page before its own scripts. */
function watchStart(): void {
  window.benchStart = { readyAt: undefined, lastLongTaskEnd: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      window.benchStart.lastLongTaskEnd = startTime + duration;
    }
  }).observe({ type: 'longtask', buffered: true });
  // By frames, since styles make it visible and leave the document as it is.
  const look = () => {
    const button = document.querySelector<HTMLButtonElement>('[data-testid="start"]');
    // The scripts write its words, and show it.
    const isThere = button?.checkVisibility() === true && button.textContent.trim() !== '';
    if (isThere && !button.disabled) window.benchStart.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
