/**
 * What it saves that quality follows the tile: a wall of three by three phones in 720p at 1440×900,
 * against the same wall with every phone held at full quality.
 */
import type { Browser, Page } from 'playwright';
import { openBrowser } from '../../e2e/harness/browsers';
import { openConsole } from '../../e2e/harness/console-page';
import { installPageProbe } from '../../e2e/harness/page-probe';
import { startServer, type SignalServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { addTimedCamera } from '../../e2e/harness/timed-picture';
import { pause, until } from '../../e2e/harness/until';
import { VIDEO_CODE } from '../../e2e/harness/video-code';
import type { Benchmark, Comparison, Reading } from '../core/benchmark';
import { watchBrowserLoad } from '../core/browser-time';
import { interleave, pairsOf } from '../core/interleave';
import { readSentTotal, type SentTotal } from '../phone/sent-total';
import { installViewportSwitch } from './viewport-switch';

const FULL = { width: 1280, height: 720 };

/** At 8, nine encoders of 720p on two cores gave only 5 of them; phones have an encoder each. */
const FRAMES_PER_SECOND = 4;

/**
 * Less is applied a second after the change before, and the encoders start anew; then everything is
 * read. In milliseconds.
 */
const FULL_TIMES = { settleMs: 1_400, windowMs: 1_500 };
const SMOKE_TIMES = { settleMs: 300, windowMs: 400 };

/** Nine pages film and connect; on a busy machine that takes a while. */
const FILL_TIMEOUT_MS = 60_000;

/** One stretch of time on one side. */
interface Window {
  readonly kilobitsPerSecond: number;
  /** In percent of one core. */
  readonly consoleLoad: number;
  readonly phoneLoad: number;
  /** Widest picture sent by any phone. */
  readonly width: number;
  /** Pictures a second of each phone. */
  readonly rate: number;
}

/** See the head of this file. */
export const wallQuality: Benchmark = {
  name: 'wall-quality',
  isApart: true,
  title: 'nine 720p phones on one wall, quality following the tile against full quality',
  async run(context) {
    const { stage, isSmoke } = context;
    const count = isSmoke ? 2 : 9;
    const { settleMs, windowMs } = isSmoke ? SMOKE_TIMES : FULL_TIMES;
    const server = await startServer(stage);
    const wall = await openConsole(stage, server);
    await wall.page.addInitScript(installViewportSwitch, FULL);
    await wall.page.reload();
    const { phones, browser } = await openPhones(stage, server, count);
    await until(
      `${count} live tiles`,
      () => wall.tiles(),
      (tiles) => tiles.filter(({ state }) => state === 'live').length === count,
      { timeoutMs: FILL_TIMEOUT_MS, everyMs: 250 },
    );

    const measure = async (isFollowing: boolean): Promise<Window> => {
      await wall.page.evaluate((on) => window.benchViewports.follow(on), isFollowing);
      await pause(settleMs);
      const startedAt = performance.now();
      const before = await sentBy(phones);
      const endConsole = await watchBrowserLoad(wall.browser.browser);
      const endPhones = await watchBrowserLoad(browser);
      await pause(windowMs);
      const consoleLoad = (await endConsole()).total;
      const phoneLoad = (await endPhones()).renderer / count;
      const after = await sentBy(phones);
      const seconds = (performance.now() - startedAt) / 1_000;
      const grown = (pick: (sent: SentTotal) => number) =>
        after.reduce((sum, sent, index) => {
          const from = before[index];
          return sum + pick(sent) - (from === undefined ? 0 : pick(from));
        }, 0);
      return {
        consoleLoad,
        phoneLoad,
        kilobitsPerSecond: (grown(({ bytes }) => bytes) * 8) / 1_000 / seconds,
        rate: grown(({ frames }) => frames) / seconds / count,
        width: Math.max(...after.map(({ width }) => width)),
      };
    };
    const rounds = await interleave(
      context,
      { sightline: () => measure(true), bare: () => measure(false) },
      { name: `${count} phones` },
    );

    const compare = (name: string, unit: string, pick: (window: Window) => number): Comparison => ({
      name,
      unit,
      better: 'less',
      pairs: pairsOf(rounds, pick),
    });
    const read = (name: string, unit: string, pick: (window: Window) => number): Reading[] => [
      { name, unit, values: rounds.map(({ sightline }) => pick(sightline)) },
      { name: `${name}, full quality`, unit, values: rounds.map(({ bare }) => pick(bare)) },
    ];
    return {
      comparisons: [
        compare('bits of all phones', 'kbit/s', ({ kilobitsPerSecond }) => kilobitsPerSecond),
        compare('console, all its processes', '% of a core', ({ consoleLoad }) => consoleLoad),
        compare('each phone’s page', '% of a core', ({ phoneLoad }) => phoneLoad),
      ],
      readings: [
        ...read('widest picture', 'px', ({ width }) => width),
        ...read('pictures of each phone', 'fps', ({ rate }) => rate),
      ],
      remarks: [
        '“Bare” is the same wall whose tiles all ask for the full picture.',
        `Phones film ${FRAMES_PER_SECOND} pictures a second, so that nine software encoders fit ` +
          'into two cores; a phone’s load includes drawing what it films, the same on both sides.',
      ],
    };
  },
};

/** Phones in contexts of one browser, each page a process of its own, live. */
async function openPhones(
  stage: Stage,
  server: SignalServer,
  count: number,
): Promise<{ readonly phones: readonly Page[]; readonly browser: Browser }> {
  const { browser } = await openBrowser(stage, {
    name: 'phones',
    flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  const pages: Page[] = [];
  for (let phone = 0; phone < count; phone += 1) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await context.addInitScript('globalThis.__name ??= (named) => named;');
    const page = await context.newPage();
    await page.addInitScript(installPageProbe, VIDEO_CODE);
    await addTimedCamera(page, { ...FULL, framesPerSecond: FRAMES_PER_SECOND, hasGrain: true });
    await page.goto(server.url('mobileStream'));
    await page.getByTestId('start').click();
    pages.push(page);
  }
  return { phones: pages, browser };
}

async function sentBy(phones: readonly Page[]): Promise<SentTotal[]> {
  return Promise.all(phones.map((page) => readSentTotal(page)));
}
