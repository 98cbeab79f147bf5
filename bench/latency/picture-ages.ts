import type { Page } from 'playwright';
import { watchPictureAge } from '../../e2e/harness/timed-picture';
import { pause, until } from '../../e2e/harness/until';
import { quantile } from '../core/figures';

/**
 * Congestion control and the jitter buffer settle; then every picture is read. What is drawn every
 * 33 ms meets a display of 60 Hz in the same way again after 1.65 s, so that much shorter windows
 * would differ by chance. In milliseconds.
 */
const FULL = { settleMs: 700, windowMs: 1_350 };
const SMOKE = { settleMs: 100, windowMs: 400 };

/** Whatever looks older was misread: a picture so poor that a cell is neither black nor white. */
const OLDEST_MS = 10_000;

/** How old the pictures of one stretch of time were, in milliseconds. */
export interface Ages {
  readonly p50: number;
  readonly p95: number;
  /** Of the pictures, in pixels. */
  readonly width: number;
  /** Pictures painted a second. */
  readonly rate: number;
}

/** Waits for a video element to show pictures, and for them to settle. */
export async function settle(page: Page, selector: string, isSmoke: boolean): Promise<void> {
  await until(
    'a picture',
    () => page.locator(selector).evaluate((video: HTMLVideoElement) => video.videoWidth),
    (width) => width > 0,
  );
  await watchPictureAge(page, selector, 1);
  await pause((isSmoke ? SMOKE : FULL).settleMs);
}

/** Reads the age of the pictures of some time. */
export async function readAges(page: Page, selector: string, isSmoke: boolean): Promise<Ages> {
  const from = await page.evaluate(() => window.sightlinePictureAges.length);
  await pause((isSmoke ? SMOKE : FULL).windowMs);
  const { ages, width } = await page.evaluate(
    ([skipped, wanted]) => ({
      ages: window.sightlinePictureAges.slice(skipped),
      width: document.querySelector<HTMLVideoElement>(wanted)?.videoWidth ?? Number.NaN,
    }),
    [from, selector] as const,
  );
  const milliseconds = ages.map(({ ageMs }) => ageMs).filter((ageMs) => ageMs < OLDEST_MS);
  const [first, last] = [ages.at(0)?.at ?? Number.NaN, ages.at(-1)?.at ?? Number.NaN];
  return {
    p50: quantile(milliseconds, 0.5),
    p95: quantile(milliseconds, 0.95),
    width,
    rate: ((ages.length - 1) * 1_000) / (last - first),
  };
}
