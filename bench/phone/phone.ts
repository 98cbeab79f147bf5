/**
 * What being a camera costs the phone: processor time of the page for one to four viewers in 360p30,
 * against a bare page with as many connections and the same preview; bytes of both pages; time until
 * Start can be tapped on a slow phone.
 */
import { openBrowser } from '../../e2e/harness/browsers';
import { startServer } from '../../e2e/harness/signal-server';
import { pause } from '../../e2e/harness/until';
import type { Benchmark, BenchContext, Comparison, Reading } from '../core/benchmark';
import { watchBrowserLoad } from '../core/browser-time';
import { interleave, pairsOf, type Round } from '../core/interleave';
import { takingTurns, type Turn } from '../core/taking-turns';
import { openRooms, type PhoneRoom } from './phone-rooms';
import { gzippedBytes, loadSlowly } from './page-start';
import { readSentTotal } from './sent-total';

/** An encoder starts anew and its load levels out; then load is read. In milliseconds. */
const FULL = { settleMs: 300, windowMs: 600 };
const SMOKE = { settleMs: 300, windowMs: 300 };

const MOST_VIEWERS = 4;

/** Loads of each page: nothing is compared with them. */
const MOST_LOADS = 5;

/** Largest that pages may be until Start can be tapped, in kB gzipped. */
const PAGES = [
  { page: 'stream', name: '/stream', mostKb: 80 },
  { page: 'mobileStream', name: '/mobile-stream.html', mostKb: 20 },
] as const;

/** One stretch of time on one side. */
interface Window {
  /** Of the page's own process, in percent of one core. */
  readonly renderer: number;
  /** Pictures encoded a second, for each viewer. */
  readonly rate: number;
  readonly width: number;
  readonly kilobitsPerSecond: number;
}

interface Step {
  readonly viewers: number;
  readonly rounds: readonly Round<Window>[];
}

/** See the head of this file. */
export const phone: Benchmark = {
  name: 'phone',
  title: 'what being a camera costs the phone',
  async run(context) {
    const steps = await measureLoad(context);
    const starts = await measureStarts(context);
    return {
      comparisons: [...steps.map(loadOf), ...furtherViewer(steps)],
      readings: [...steps.flatMap(workOf), ...starts],
      remarks: [
        'Load is that of the page’s own process, which encodes; both pages show their own picture, ' +
          'and film the same test video in 360p30. Each viewer is one more encoder, on both sides.',
        'Bytes are those asked for until Start can be tapped; what a loaded page fetches ahead, for ' +
          'when its server is gone, is not among them. A page is interactive when Start is ' +
          'there and its last long task is over, on a processor slowed down four times by the ' +
          'browser, with nothing cached, over loopback.',
      ],
    };
  },
};

async function measureLoad(context: BenchContext): Promise<Step[]> {
  const { sightline, bare } = await openRooms(context.stage);
  const steps: Step[] = [];
  for (let viewers = 1; viewers <= (context.isSmoke ? 1 : MOST_VIEWERS); viewers += 1) {
    await sightline.addViewer();
    await bare.addViewer();
    const turn = (room: PhoneRoom): Turn<Window> => ({
      start: async () => {
        await room.setSending(true);
        await pause((context.isSmoke ? SMOKE : FULL).settleMs);
      },
      stop: () => room.setSending(false),
      measure: () => measureWindow(context, room, viewers),
    });
    for (const room of [sightline, bare]) await room.setSending(false);
    const rounds = await interleave(
      context,
      takingTurns({ sightline: turn(sightline), bare: turn(bare) }),
      // Later on both phones have been encoding all the while.
      {
        name: viewers === 1 ? '1 viewer' : `${viewers} viewers`,
        warmUps: viewers === 1 ? 1 : 0,
      },
    );
    steps.push({ viewers, rounds });
  }
  await context.stage.release('consoles');
  await context.stage.release('bare viewers');
  return steps;
}

async function measureWindow(
  { isSmoke }: BenchContext,
  room: PhoneRoom,
  viewers: number,
): Promise<Window> {
  const before = await readSentTotal(room.page);
  const startedAt = performance.now();
  const end = await watchBrowserLoad(room.browser);
  await pause((isSmoke ? SMOKE : FULL).windowMs);
  const { renderer } = await end();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { frames, bytes, width } = await readSentTotal(room.page);
  return {
    renderer,
    width,
    rate: (frames - before.frames) / seconds / viewers,
    kilobitsPerSecond: ((bytes - before.bytes) * 8) / 1_000 / seconds / viewers,
  };
}

function loadOf({ viewers, rounds }: Step): Comparison {
  return {
    name: `load for ${viewers} ${viewers === 1 ? 'viewer' : 'viewers'}`,
    unit: '% of a core',
    better: 'less',
    pairs: pairsOf(rounds, ({ renderer }) => renderer),
  };
}

/** What each viewer after the first costs, round by round. */
function furtherViewer(steps: readonly Step[]): Comparison[] {
  const [first, last] = [steps.at(0), steps.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const cost = (few: Window, many: Window) =>
    (many.renderer - few.renderer) / (last.viewers - first.viewers);
  const pairs = last.rounds.flatMap((many, round) => {
    const few = first.rounds[round];
    if (few === undefined) return [];
    const sightline = cost(few.sightline, many.sightline);
    return [{ sightline, bare: cost(few.bare, many.bare) }];
  });
  return [{ name: 'each further viewer', unit: '% of a core', better: 'less', pairs }];
}

/** That both sides did the same work. */
function workOf({ viewers, rounds }: Step): Reading[] {
  const read = (name: string, unit: string, pick: (window: Window) => number): Reading[] =>
    (['sightline', 'bare'] as const).map((side) => ({
      name: `${viewers} viewers: ${name}${side === 'bare' ? ' of bare' : ''}`,
      unit,
      values: rounds.map((round) => pick(round[side])),
    }));
  return [
    ...read('width', 'px', ({ width }) => width),
    ...read('pictures for each', 'fps', ({ rate }) => rate),
    ...read('bits for each', 'kbit/s', ({ kilobitsPerSecond }) => kilobitsPerSecond),
  ];
}

async function measureStarts({ stage, pairs, isSmoke, say }: BenchContext): Promise<Reading[]> {
  const server = await startServer(stage);
  const { browser } = await openBrowser(stage, { name: 'slow phone' });
  const readings: Reading[] = [];
  for (const { page, name, mostKb } of PAGES) {
    // A browser's first page takes longer.
    const warmUps = isSmoke ? 0 : 1;
    const starts = [];
    for (let load = 0; load < Math.min(pairs, MOST_LOADS) + warmUps; load += 1) {
      starts.push(await loadSlowly(browser, server.url(page)));
    }
    say(`${name}: loaded ${starts.length} times`);
    const kilobytes = await gzippedBytes(starts[0]?.files ?? []);
    readings.push(
      { name: `${name} gzipped`, unit: 'kB', values: [kilobytes / 1_000], aim: mostKb },
      {
        name: `${name} interactive on a slow phone`,
        unit: 'ms',
        better: 'less',
        values: starts.slice(warmUps).map(({ interactiveMs }) => interactiveMs),
      },
    );
  }
  return readings;
}
