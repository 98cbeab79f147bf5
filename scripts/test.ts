/**
 * Every test: `npm test`. Finds or installs what the tests need and the machine lacks, builds what
 * is stale, then runs the unit tests and the end-to-end tests.
 *
 * Arguments go to Vitest. Those that name a place run only the part it belongs to:
 * `npm test -- e2e/recovery`, `npm test -- signal/rtc`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { ensureBuilt } from './build';
import { projectRoot } from './build/paths';
import { CHROMIUM_VARIABLE, provisionChromium } from './provision/chromium';
import { provisionCoturn } from './provision/coturn';
import { startDisplay } from './provision/display';
import { provisionElectron } from './provision/electron';
import { provisionFirefox } from './provision/firefox';
import { requireLibrariesOf, requireProgram } from './provision/system-packages';

const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
const resultsDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'test-results');

/** The part of Vitest's JSON report that the closing summary needs. */
const reportSchema = v.object({
  success: v.boolean(),
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
  numTodoTests: v.number(),
});

interface Outcome {
  name: string;
  ok: boolean;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

type Environment = Record<string, string>;

const given = process.argv.slice(2);
const namesE2e = given.some((argument) => /^e2e|^bench\/smoke/u.test(argument));
const namesUnit = given.some((argument) =>
  /^(?:signal|desktop|pwa|scripts|bench\/(?!smoke))\b/u.test(argument),
);
const wantsE2e = namesE2e || !namesUnit;
const wantsUnit = namesUnit || !namesE2e;

try {
  process.exitCode = await main();
} catch (error) {
  // Provisioning and building fail with a sentence that says what to do; a stack would bury it.
  console.error(
    `\nThe tests cannot run: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const startedAt = performance.now();
  const environment: Environment = { [CHROMIUM_VARIABLE]: await provisionChromium() };
  console.log(`Chromium: ${environment[CHROMIUM_VARIABLE] ?? ''}`);
  // A second reader of certificates; elsewhere it comes with the system, or the tests ask for it.
  if (wantsUnit && process.platform === 'linux') await requireProgram('openssl', 'openssl');
  if (wantsE2e) Object.assign(environment, await provisionDesktop());
  await ensureBuilt();
  const preparedSeconds = secondsSince(startedAt);

  await rm(resultsDir, { recursive: true, force: true });
  await mkdir(resultsDir, { recursive: true });
  const outcomes: Outcome[] = [];
  if (wantsUnit) outcomes.push(await runVitest('unit', ['node', 'dom', 'browser'], environment));
  if (wantsE2e) outcomes.push(await runWithDisplay(environment));

  for (const outcome of outcomes) console.log(lineOf(outcome));
  const ok = outcomes.every((outcome) => outcome.ok);
  console.log(
    `Sightline tests ${ok ? 'passed' : 'FAILED'} in ${secondsSince(startedAt)} s ` +
      `(${preparedSeconds} s of it finding, installing and building).`,
  );
  return ok ? 0 : 1;
}

/** What the end-to-end tests need besides a Chromium. */
async function provisionDesktop(): Promise<Environment> {
  const electron = await provisionElectron();
  console.log(`Electron: ${electron.version} at ${electron.distPath}`);
  await requireLibrariesOf(path.join(electron.distPath, 'electron'));
  // Sets what a window manager would: the tests' display has none.
  if (process.platform === 'linux') {
    console.log(`Window properties: ${await requireProgram('xprop', 'x11-utils')}`);
  }
  // Elsewhere the test of a relay says itself what it lacks.
  if (process.platform === 'linux') console.log(`TURN server: ${await provisionCoturn()}`);
  // Elsewhere its tests say themselves that it is absent.
  if (process.platform === 'linux') console.log(`Firefox: ${await provisionFirefox()}`);
  // Two hosts with a network between them are made of namespaces, which only root may create;
  // elsewhere that test says so itself.
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log(`Network namespaces: ${await requireProgram('ip', 'iproute2')}`);
    // Puts roots where a browser on Linux looks for them.
    console.log(`NSS databases: ${await requireProgram('certutil', 'libnss3-tools')}`);
  }
  return { ELECTRON_OVERRIDE_DIST_PATH: electron.distPath };
}

async function runWithDisplay(environment: Environment): Promise<Outcome> {
  const display = await startDisplay();
  try {
    return await runVitest('e2e', ['e2e', 'e2e (alone)'], {
      ...environment,
      ...display.environment,
    });
  } finally {
    await display.close();
  }
}

async function runVitest(name: string, projects: string[], added: Environment): Promise<Outcome> {
  const startedAt = performance.now();
  const reportFile = path.join(resultsDir, `${name}.json`);
  const child = spawn(
    process.execPath,
    [
      vitest,
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...given,
    ],
    { cwd: projectRoot, stdio: 'inherit', env: { ...process.env, ...added } },
  );
  const closed: unknown[] = await once(child, 'close');
  const counts = await readReport(reportFile);
  return {
    name,
    // No report means that Vitest broke before it ran anything, whatever its exit code says.
    ok: closed[0] === 0 && counts?.success === true,
    passed: counts?.numPassedTests ?? 0,
    failed: counts?.numFailedTests ?? 0,
    skipped: (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0),
    seconds: secondsSince(startedAt),
  };
}

async function readReport(file: string) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return v.parse(reportSchema, JSON.parse(text));
}

function lineOf(outcome: Outcome): string {
  const { name, passed, failed, skipped, seconds } = outcome;
  return `  ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`;
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000);
}
