/** Writes the rows of a run into `RESULTS.md`; rows of faults that were not part of it stay. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import * as v from 'valibot';
import { projectRoot } from '../../scripts/build/paths';
import { findChromium } from '../../scripts/provision/chromium';
import { faultRowSchema, lineOf, rowsFile, TABLE_HEAD } from './rows';

const resultsFile = path.join(projectRoot, 'e2e', 'faults', 'RESULTS.md');

/** The order of the table; what it does not name comes last. */
const ORDER = [
  'link down 1 s',
  'link down 5 s',
  'link down 20 s',
  'phone changes',
  '2 % packet',
  '10 % packet',
  '20 % packet',
  '8 Mbit/s',
  'server killed',
  'server restarted',
  '12 phones',
  'console opened',
  'phone reloads',
  'clock',
  'full disk',
  'disk with',
  'console reads',
  'embedded server',
];

const INTRODUCTION = `# What Sightline survives

Written by \`npm run test:faults\`, on hosts in network namespaces with a cable between them where the
fault is one of the network. Phones send pictures that count their frames. *Pictures missing*: time
without a new picture, over the fault and until all is well again, in stretches longer than 400 ms.
*Back after its end*: from the end of the fault until the picture moves steadily, or all is well.
*Memory and handles*: growth over the fault after garbage collection: of the server resident memory,
of pages the JavaScript heap. Two cores encode, decode and paint all of it in software.
`;

/** See the head of this file. Does nothing where no fault was carried out. */
export async function writeResults(): Promise<void> {
  const text = await readFile(rowsFile, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const found = text
    .trim()
    .split('\n')
    .map((line) => v.parse(faultRowSchema, JSON.parse(line)));
  const former = await readFile(resultsFile, 'utf8').catch(() => '');
  const lines = new Map<string, string>();
  for (const line of former.split('\n')) {
    const fault = faultOf(line);
    if (line.startsWith('| ') && fault !== 'fault' && !fault.startsWith('---'))
      lines.set(fault, line);
  }
  for (const row of found) lines.set(row.fault, lineOf(row));
  const sorted = [...lines].sort(([a], [b]) => placeOf(a) - placeOf(b)).map(([, line]) => line);
  const page = [INTRODUCTION, machine(), '', ...TABLE_HEAD, ...sorted, ''].join('\n');
  // With its columns in line, as every file here.
  const style = await resolveConfig(resultsFile);
  await writeFile(resultsFile, await format(page, { ...style, parser: 'markdown' }));
  console.log(`Wrote ${path.relative(projectRoot, resultsFile)}.`);
}

function faultOf(line: string): string {
  return (line.split(' | ')[0] ?? '').replace(/^\| /u, '').trim();
}

function placeOf(fault: string): number {
  const place = ORDER.findIndex((start) => fault.startsWith(start));
  return place === -1 ? ORDER.length : place;
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const chromium = findChromium();
  const version =
    chromium === undefined
      ? ''
      : execFileSync(chromium, ['--version'], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: projectRoot,
    encoding: 'utf8',
  }).trim();
  const date = new Date().toISOString().slice(0, 10);
  return `${model}, ${cpus().length} cores, ${gigabytes} GB; Linux ${release()}, Node ${process.version}, ${version}; ${date}, commit ${commit}.`;
}
