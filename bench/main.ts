/**
 * How far Sightline is from what is possible on this machine:
 * `npm run bench [-- NAME …] [--json] [--smoke] [--pairs N]`.
 *
 * Without names all benchmarks run but those that compare Sightline with itself. Figures go to the
 * terminal and, unless there are too few pairs for that, to `bench/RESULTS.md`; with `--json` they
 * go to standard output, all else to standard error. `--smoke` only proves that the benchmarks still
 * work.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build';
import { CHROMIUM_VARIABLE, provisionChromium } from '../scripts/provision/chromium';
import { startDisplay } from '../scripts/provision/display';
import { provisionElectron } from '../scripts/provision/electron';
import { benchmarks } from './benchmarks';
import type { Benchmark } from './core/benchmark';
import { describeMachine } from './core/machine';
import { keepResults, type Measured, resultsFile } from './core/results';
import { terminalText } from './core/table';
import { withStage } from './core/with-stage';

/** Fewer say too little to be kept. */
const KEPT_PAIRS = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    pairs: { type: 'string' },
  },
});
const isSmoke = values.smoke;
const pairs = isSmoke ? 1 : Number(values.pairs ?? KEPT_PAIRS);

try {
  await main(chosen());
} catch (error) {
  console.error(`\nThe bench stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function main(wanted: readonly Benchmark[]): Promise<void> {
  const startedAt = performance.now();
  const chromium = await provisionChromium();
  const electron = await provisionElectron();
  const display = await startDisplay();
  Object.assign(process.env, display.environment, {
    [CHROMIUM_VARIABLE]: chromium,
    ELECTRON_OVERRIDE_DIST_PATH: electron.distPath,
  });
  try {
    await ensureBuilt();
    const machine = await describeMachine({ chromium, electron: electron.version });
    say(machine);
    const measured: Measured[] = [];
    for (const benchmark of wanted) {
      measured.push(await runOne(benchmark));
      // Kept at once: what comes later may fail.
      if (pairs >= KEPT_PAIRS) await keepResults(order(), measured, machine);
    }
    if (values.json) console.log(jsonOf(machine, measured));
    say(`\nThe bench took ${secondsSince(startedAt)} s.`);
    if (pairs >= KEPT_PAIRS) say(`Results are in ${resultsFile}`);
  } finally {
    await display.close();
  }
}

async function runOne(benchmark: Benchmark): Promise<Measured> {
  const startedAt = performance.now();
  say(`\n${benchmark.name}: ${benchmark.title}`);
  return withStage(benchmark.name, async (stage) => {
    const result = await benchmark.run({ stage, pairs, isSmoke, say: (line) => say(`  ${line}`) });
    say(`\n${terminalText(result)}\n\n  ${benchmark.name} took ${secondsSince(startedAt)} s.`);
    return { benchmark, result };
  });
}

/** @throws Error when something was asked for that there is not */
function chosen(): readonly Benchmark[] {
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new Error('--pairs takes a whole number from 1.');
  const unknown = positionals.filter((name) => !order().includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}; there are ${order().join(', ')}.`);
  }
  return positionals.length === 0
    ? benchmarks.filter(({ isApart }) => isApart !== true)
    : benchmarks.filter(({ name }) => positionals.includes(name));
}

function order(): string[] {
  return benchmarks.map(({ name }) => name);
}

function jsonOf(machine: string, measured: readonly Measured[]): string {
  const results = measured.map(({ benchmark, result }) => [benchmark.name, result] as const);
  return JSON.stringify({ machine, results: Object.fromEntries(results) }, undefined, 2);
}

function say(line: string): void {
  if (values.json) console.error(line);
  else console.log(line);
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000);
}
