/**
 * `bench/RESULTS.md`: one section for each benchmark. A run replaces only the sections it made, so
 * each says on what, when and from which commit it was measured.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../scripts/build/paths';
import type { Benchmark, BenchResult } from './benchmark';
import { markdownOf } from './table';

/** Where results are kept. */
export const resultsFile = path.join(projectRoot, 'bench', 'RESULTS.md');

const HEAD = `# How far from what is possible

Made by \`npm run bench\`; do not edit. Each figure is the median with the quartiles in parentheses.
Sightline and the bare baseline are measured in turn on the same machine; **ratio** is the median of
the ratios of these pairs, so read it rather than the figures, which are those of one machine.`;

/** One benchmark's outcome. */
export interface Measured {
  readonly benchmark: Benchmark;
  readonly result: BenchResult;
}

/**
 * Puts sections into a text of results, each in the place of the older one of its name.
 *
 * @param order - names of all benchmarks, as the sections are to follow each other
 * @param machine - one line that says on what they were measured
 */
export function withSections(
  text: string,
  order: readonly string[],
  measured: readonly Measured[],
  machine: string,
): string {
  const sections = new Map<string, string>();
  for (const [, name = '', body = ''] of text.matchAll(SECTION)) sections.set(name, body.trim());
  for (const { benchmark, result } of measured) {
    const heading = `## ${benchmark.name}: ${benchmark.title}`;
    sections.set(benchmark.name, [heading, `_${machine}_`, markdownOf(result)].join('\n\n'));
  }
  const known = order.flatMap((name) => {
    const body = sections.get(name);
    return body === undefined ? [] : [`<!-- begin ${name} -->\n\n${body}\n\n<!-- end ${name} -->`];
  });
  return `${[HEAD, ...known].join('\n\n')}\n`;
}

const SECTION = /<!-- begin (?<name>[\w-]+) -->(?<body>.*?)<!-- end \k<name> -->/gsu;

/** Writes what was measured into `RESULTS.md`. */
export async function keepResults(
  order: readonly string[],
  measured: readonly Measured[],
  machine: string,
): Promise<void> {
  const before = await readFile(resultsFile, 'utf8').catch(() => '');
  const text = withSections(before, order, measured, machine);
  const options = await resolveConfig(resultsFile);
  await writeFile(resultsFile, await format(text, { ...options, filepath: resultsFile }));
}
