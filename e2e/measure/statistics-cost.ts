/**
 * Measures what the figures of a full wall cost: processor time of a console with 25 live tiles,
 * with its statistics, looks at brightness and sound meters on, and with them held back. Runs alone
 * on a quiet Linux machine: `npx tsx e2e/measure/statistics-cost.ts [pairs] [seconds] [tiles]`.
 *
 * One server, one browser with all phones, and one with nothing but the console, which alone is
 * counted: all its processes. On and off take turns, and so does which of them comes first.
 */
import { ensureBuilt } from '../../scripts/build';
import { CHROMIUM_VARIABLE, provisionChromium } from '../../scripts/provision/chromium';
import { openCanvasPhones } from '../harness/canvas-phones';
import { openConsole } from '../harness/console-page';
import { startServer } from '../harness/signal-server';
import { Stage } from '../harness/stage';
import { pause, until } from '../harness/until';
import { readCpuTimes, type CpuTimes } from './browser-cpu';
import { installStatisticsSwitch, type StatisticsCounts } from './statistics-switch';

/** As in `sound-meters.ts`; a wrong one is noticed, since levels would be read while it is off. */
const SOUND_MS = 80;

/** Time for what was held back to be done, and for the wall to grow calm, in milliseconds. */
const SETTLE_MS = 3_000;

/** The wall needs this long to fill on a slow machine, in milliseconds. */
const FILL_TIMEOUT_MS = 120_000;

/** One stretch of time with the statistics on or off; all per second. */
interface Stretch {
  readonly isOn: boolean;
  /** Share of one core, by kind of process. */
  readonly load: CpuTimes;
  readonly total: number;
  /** Pictures decoded, over all tiles: the work besides, which should not differ. */
  readonly frames: number;
  readonly counts: StatisticsCounts;
}

const pairs = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 12);
const tileCount = Number(process.argv[4] ?? 25);

process.env[CHROMIUM_VARIABLE] ??= await provisionChromium();
await ensureBuilt();
const stage = new Stage();
try {
  print(await measure());
} finally {
  await stage.close();
}

async function measure(): Promise<Stretch[]> {
  const server = await startServer(stage);
  const wall = await openConsole(stage, server);
  await wall.page.addInitScript(installStatisticsSwitch, {
    soundMs: SOUND_MS,
    lumaMs: 1_000 / tileCount,
  });
  await wall.page.reload();
  await openCanvasPhones(stage, server, tileCount);
  const untilAllLive = () =>
    until(
      `${tileCount} live tiles`,
      async () => (await wall.tiles()).map(({ state }) => state),
      (states) => states.filter((state) => state === 'live').length === tileCount,
      { timeoutMs: FILL_TIMEOUT_MS, everyMs: 500 },
    );
  await untilAllLive();

  const read = async () => ({
    at: performance.now(),
    times: await readCpuTimes(wall.browser.browser),
    page: await wall.page.evaluate(() => {
      const videos = [...document.querySelectorAll<HTMLVideoElement>('[data-testid="tile"] video')];
      const frames = videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames);
      const { counts } = window.sightlineStatisticsSwitch;
      return { frames: frames.reduce((sum, count) => sum + count, 0), counts: { ...counts } };
    }),
  });
  const run = async (isOn: boolean): Promise<Stretch> => {
    await wall.page.evaluate((on) => window.sightlineStatisticsSwitch.turn(on), isOn);
    await pause(SETTLE_MS);
    const before = await read();
    await pause(seconds * 1_000);
    const after = await read();
    await untilAllLive();
    const rate = (from: number, to: number) => (to - from) / ((after.at - before.at) / 1_000);
    const load = new Map<string, number>();
    for (const [kind, time] of after.times) load.set(kind, rate(before.times.get(kind) ?? 0, time));
    const stretch: Stretch = {
      isOn,
      load,
      total: [...load.values()].reduce((sum, value) => sum + value, 0),
      frames: rate(before.page.frames, after.page.frames),
      counts: {
        reports: rate(before.page.counts.reports, after.page.counts.reports),
        looks: rate(before.page.counts.looks, after.page.counts.looks),
        levels: rate(before.page.counts.levels, after.page.counts.levels),
      },
    };
    requireSwitched(stretch);
    console.log(lineOf(isOn ? 'on ' : 'off', [stretch]));
    return stretch;
  };

  await pause(SETTLE_MS);
  const stretches: Stretch[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const isOn of pair % 2 === 0 ? [true, false] : [false, true]) {
      stretches.push(await run(isOn));
    }
  }
  return stretches;
}

/** @throws Error when something was not done while on, or was done while off. */
function requireSwitched({ isOn, counts }: Stretch): void {
  for (const [what, count] of Object.entries(counts)) {
    if (count > 0 === isOn) continue;
    throw new Error(
      `While the statistics were ${isOn ? 'on' : 'off'}, there were ${count} ${what} a second: ` +
        `compare the switch with the timers of the console.`,
    );
  }
}

function print(stretches: readonly Stretch[]): void {
  const on = stretches.filter(({ isOn }) => isOn);
  const off = stretches.filter(({ isOn }) => !isOn);
  console.log(`\n${tileCount} tiles, ${pairs} pairs of ${seconds} s, medians, in % of one core:`);
  console.log(lineOf('on ', on));
  console.log(lineOf('off', off));
  const cost = on.map(({ total }, pair) => total - (off[pair]?.total ?? 0));
  const all = [...cost].sort((a, b) => a - b).map(percent);
  console.log(`  cost of the statistics: ${percent(median(cost))} (pairs: ${all.join(', ')})`);
}

function lineOf(name: string, stretches: readonly Stretch[]): string {
  const middle = (read: (stretch: Stretch) => number) => median(stretches.map(read));
  const kinds = [...new Set(stretches.flatMap(({ load }) => [...load.keys()]))];
  const parts = kinds.map(
    (kind) => `${kind} ${percent(middle(({ load }) => load.get(kind) ?? 0))}`,
  );
  const frames = middle((stretch) => stretch.frames).toFixed(0);
  const done = (['reports', 'looks', 'levels'] as const).map(
    (what) => `${middle(({ counts }) => counts[what]).toFixed(0)} ${what}`,
  );
  return (
    `  ${name} ${percent(middle(({ total }) => total))} (${parts.join(', ')}); ` +
    `a second: ${frames} frames, ${done.join(', ')}`
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
