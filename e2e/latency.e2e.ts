/**
 * The latency on the tile against pictures that carry the time at which they were drawn, at three
 * lengths of the way: from the phone's page over the real connection to the tile's own element.
 */
import { describe, expect, it } from 'vitest';
import { openConsole, tileSelector, type ConsolePage } from './harness/console-page';
import { DelayedPath } from './harness/delayed-path';
import { openDesktop } from './harness/desktop-app';
import { PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { installTimedCamera, watchPictureAge, type PictureAge } from './harness/timed-picture';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

/** One way, in milliseconds: the same building, another country, the other side of the world. */
const DELAYS_MS = [0, 70, 220];

/** Where the browser's three are done, one of them tells whether the desktop's Chromium agrees. */
const DESKTOP_DELAYS_MS = process.env['SIGHTLINE_LONG'] === '1' ? DELAYS_MS : [70];

/** The tile shows the middle of the last five seconds. */
const SHOWN_SPAN_MS = 5_000;

/** Readings of the tile at each delay, one a second. */
const READINGS = 5;

/** How far a reading may be off: 25 ms or 15 %, whichever is larger. */
function mayBeOff(ageMs: number): number {
  return Math.max(25, ageMs * 0.15);
}

describe('the latency on the tile', { timeout: 240_000 }, () => {
  const stage = useStage('test');

  it('is right at three delays, in a browser', async () => {
    const path = new DelayedPath(stage);
    const server = await startServer(stage);
    const wall = await openConsole(stage, server);
    await expectTruth(path, wall, server.url('stream'), 'browser', DELAYS_MS);
  });

  it('is right in the desktop, whose Chromium is an older one', async () => {
    const path = new DelayedPath(stage);
    const { console: wall } = await openDesktop(stage);
    await expectTruth(path, wall, await wall.joinUrl(), 'desktop', DESKTOP_DELAYS_MS);
  });

  async function expectTruth(
    path: DelayedPath,
    wall: ConsolePage,
    url: string,
    where: string,
    delaysMs: readonly number[],
  ): Promise<void> {
    await path.lead(wall.page);
    const phone = await PhonePage.open(stage, url, { phone: 2 });
    await path.lead(phone.page);
    await installTimedCamera(phone.page);
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    const streamId = tile?.streamId ?? '';
    await wall.untilTileState(streamId, ['live']);
    await watchPictureAge(wall.page, `${tileSelector(streamId)} video`);

    let agedBefore = -Infinity;
    for (const delayMs of delaysMs) {
      path.delayMs = delayMs;
      await untilSettled(wall, streamId, Date.now());
      const readings: Reading[] = [];
      for (let second = 0; second < READINGS; second += 1) {
        // The tile's figure is another one each second; what is compared is a number of them.
        await pause(1_000);
        readings.push(await read(wall, streamId));
      }
      const ageMs = median(readings.map((reading) => reading.ageMs));
      const offMs = median(readings.map((reading) => Math.abs(reading.shownMs - reading.ageMs)));
      const shown = readings.map(({ shownMs, errorMs }) => `${shownMs}±${errorMs}`).join(' ');
      console.log(
        `measured: ${where}, ${delayMs} ms one way: true ${ageMs.toFixed(0)} ms, ` +
          `off by ${offMs.toFixed(0)} ms; shown ${shown}`,
      );
      expect(offMs).toBeLessThanOrEqual(mayBeOff(ageMs));
      // It was another latency indeed.
      expect(ageMs).toBeGreaterThan(Math.max(delayMs, agedBefore + 40));
      agedBefore = ageMs;
    }
  }
});

interface Reading {
  readonly ageMs: number;
  readonly shownMs: number;
  readonly errorMs: number;
}

/** What the tile shows, and what it should. */
async function read(wall: ConsolePage, streamId: string): Promise<Reading> {
  const stats = wall.tileLocator(streamId).getByTestId('tile-stats');
  const [shown, error] = await Promise.all([
    stats.getAttribute('data-latency-ms'),
    stats.getAttribute('data-latency-error-ms'),
  ]);
  const ages = await agesOf(wall, SHOWN_SPAN_MS);
  return {
    ageMs: median(ages),
    shownMs: Number(shown ?? Number.NaN),
    errorMs: Number(error ?? Number.NaN),
  };
}

/**
 * Waits until the pictures come as late as they will: congestion control and the jitter buffer take
 * their time after a change, and the browser some seconds to know when frames were captured.
 */
async function untilSettled(wall: ConsolePage, streamId: string, changedAt: number): Promise<void> {
  await until(
    'the latency to settle',
    async () => {
      const now = median(await agesOf(wall, 2_000));
      const before = median(await agesOf(wall, 6_000, 4_000));
      const { shownMs } = await read(wall, streamId);
      return { sinceMs: Date.now() - changedAt, now, before, shownMs };
    },
    ({ sinceMs, now, before, shownMs }) =>
      sinceMs > 8_000 && Math.abs(now - before) < mayBeOff(now) / 2 && shownMs > 0,
    { timeoutMs: 40_000, everyMs: 500 },
  );
}

/** True ages over the last milliseconds, up to some time ago. */
async function agesOf(wall: ConsolePage, spanMs: number, endedMs = 0): Promise<number[]> {
  const ages = await wall.page.evaluate((): PictureAge[] => window.sightlinePictureAges);
  const now = Date.now();
  return ages.filter(({ at }) => now - at < spanMs && now - at >= endedMs).map((age) => age.ageMs);
}

/** Not a number where there is nothing. */
function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
