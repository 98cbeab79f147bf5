/**
 * Phones and consoles come and go for a long time, while one of each stays. Afterwards nobody may
 * be left, no process may have grown, and nothing unhandled may have been logged.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import * as v from 'valibot';
import { CodedPhones, leave } from '../harness/coded-phones';
import { openConsole } from '../harness/console-page';
import { readPageVitals } from '../harness/page-vitals';
import { VitalsProbe } from '../harness/server-vitals';
import { startServer, type SignalServer } from '../harness/signal-server';
import { Stage } from '../harness/stage';
import { pause, until } from '../harness/until';
import { seededRandom } from './seeded-random';
import { steadinessOf } from './steadiness';
import { Visitors } from './visitors';

/** Growth that is allowed: what is more is a leak. */
const MOST_GROWTH = 0.05;

/**
 * Time between two looks at memory, in milliseconds. All visitors leave before each, so that the same
 * is weighed every time.
 */
const SAMPLE_EVERY_MS = 15_000;

/** Longest time between two deeds of visitors, in milliseconds. */
const LONGEST_PAUSE_MS = 1_500;

/** How long the server keeps the place of who is gone, in seconds. */
const RESUME_WINDOW_SECONDS = 3;

/** Lines of these levels tell of what should not have been. */
const TROUBLE = ['error', 'fatal'];

const countsSchema = v.object({ clients: v.number(), streams: v.number(), sessions: v.number() });
const logLineSchema = v.object({ level: v.string(), msg: v.string() });

/** How long, and by which dice. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
}

/**
 * Runs it and prints what was found.
 *
 * @returns what is wrong, a sentence each; empty when all is well.
 */
export async function soak({ minutes, seed }: SoakOptions): Promise<string[]> {
  const stage = new Stage();
  const problems: string[] = [];
  console.log(`Soaking for ${minutes} minutes; seed ${seed}.`);
  try {
    const probe = new VitalsProbe(stage);
    const options = ['--resume-window', String(RESUME_WINDOW_SECONDS)];
    const server = await startServer(stage, { prefix: probe.prefix, options });
    const wall = await openConsole(stage, server, { name: 'resident console' });
    const residents = await CodedPhones.open(stage, server);
    const phone = await residents.add(0, 'stream');
    await phone.start();
    const streamId = await wall.untilPictureOf(0);
    const visitors = await Visitors.open(stage, server, seededRandom(seed));

    const samples = new Map<string, number[]>();
    const sample = async (): Promise<void> => {
      await visitors.leave();
      await wall.untilTileCount(1, { timeoutMs: 30_000 });
      await phone.untilViewers(1);
      for (const [name, bytes] of await weigh(server, probe, {
        console: wall.page,
        phone: phone.page,
      })) {
        samples.set(name, [...(samples.get(name) ?? []), bytes]);
      }
    };
    const random = seededRandom(seed + 1);
    const endAt = performance.now() + minutes * 60_000;
    let sampleAt = performance.now() + SAMPLE_EVERY_MS;
    while (performance.now() < endAt) {
      await visitors.act();
      await pause(random() * LONGEST_PAUSE_MS);
      if (performance.now() >= sampleAt) {
        await sample();
        sampleAt = performance.now() + SAMPLE_EVERY_MS;
      }
      // On a busy machine it may be called frozen for a moment.
      await wall.untilTileState(streamId, ['live']);
    }
    await sample();
    const links = { console: wall.page, phone: phone.page };
    for (const [name, page] of Object.entries(links)) {
      const { connections } = await readPageVitals(page);
      if (connections !== 1) problems.push(`The ${name} holds ${connections} peer connections.`);
    }
    console.log(deedsOf(visitors));
    problems.push(...judge(samples));

    problems.push(...visitors.errors(), ...residents.errors(), ...wall.browser.recorder.errors());
    await leave(phone);
    await wall.page.close();
    await until(
      'the server to be empty',
      async () => v.parse(countsSchema, await (await fetch(server.url('health'))).json()),
      (counts) => Object.values(counts).every((count) => count === 0),
      { timeoutMs: (RESUME_WINDOW_SECONDS + 10) * 1_000 },
    );
    console.log('Counts of clients, streams and sessions afterwards: 0, 0, 0.');
    const { resources, descriptors } = await probe.read(server);
    console.log(`Server afterwards: ${descriptors} files; ${tally(resources)}.`);
    problems.push(...errorsLogged(server.logged));
    const code = await server.stop();
    if (code !== 0) problems.push(`The server ended with code ${String(code)}.`);
  } finally {
    await stage.close();
  }
  return problems;
}

/** Bytes of everything that must not grow, after garbage collection. */
async function weigh(
  server: SignalServer,
  probe: VitalsProbe,
  pages: Readonly<Record<string, Page>>,
): Promise<[string, number][]> {
  const vitals = await probe.read(server);
  const weights: [string, number][] = [
    ['server, resident', vitals.rssBytes],
    ['server, heap', vitals.heapBytes],
  ];
  for (const [name, page] of Object.entries(pages)) {
    weights.push([`${name}, heap`, (await readPageVitals(page)).heapBytes]);
    weights.push([`${name}, renderer`, await rendererBytes(page)]);
  }
  return weights;
}

/**
 * Memory that the page's process alone has written: what it shares with others would seem to grow
 * when those end. Chromium keeps a spare process ready beside it, which is not counted.
 */
async function rendererBytes(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser.');
  const session = await browser.newBrowserCDPSession();
  const schema = v.object({
    processInfo: v.array(v.object({ type: v.string(), id: v.number() })),
  });
  const { processInfo } = v.parse(schema, await session.send('SystemInfo.getProcessInfo'));
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...renderers.map(({ id }) => privateBytes(id)));
}

function privateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Private_Dirty:\s+(?<kb>\d+)/mu.exec(rollup)?.groups?.['kb'] ?? 0) * 1024;
}

function judge(samples: ReadonlyMap<string, readonly number[]>): string[] {
  const problems: string[] = [];
  for (const [name, values] of samples) {
    const { first, last, growth } = steadinessOf(values);
    const words = `${inMegabytes(first)} → ${inMegabytes(last)} MB (${(growth * 100).toFixed(1)} %, ${values.length} samples)`;
    console.log(`${name}: ${words}; in turn ${values.map(inMegabytes).join(', ')}`);
    if (growth > MOST_GROWTH) problems.push(`It grew: ${name}, ${words}.`);
  }
  return problems;
}

function errorsLogged(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .filter((line) => {
      if (!line.startsWith('{')) return true;
      const entry = v.parse(logLineSchema, JSON.parse(line));
      return TROUBLE.includes(entry.level) || /unhandled|uncaught/iu.test(entry.msg);
    })
    .map((line) => `The server logged: ${line}`);
}

function deedsOf({ done }: Visitors): string {
  return [...done].map(([deed, count]) => `${deed} ${count}×`).join(', ');
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}

function inMegabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
