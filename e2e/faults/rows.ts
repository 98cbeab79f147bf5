/** A row of the table of faults: what is known of it, how it looks, where a run keeps it. */
import path from 'node:path';
import * as v from 'valibot';
import { projectRoot } from '../../scripts/build/paths';

/** Set to `full` by `npm run test:faults`: every fault, at its full length. */
export const FAULTS_VARIABLE = 'SIGHTLINE_FAULTS';

/** Rows of the present run as JSON lines, for whoever writes the results. */
export const rowsFile = path.join(
  projectRoot,
  'node_modules',
  '.cache',
  'sightline',
  'faults.jsonl',
);

/** See {@link FaultRow}. */
export const faultRowSchema = v.object({
  fault: v.string(),
  /** Time without a new picture over the fault and its aftermath, in milliseconds. */
  missingMs: v.optional(v.number()),
  /** From the end of the fault until all was well, in milliseconds. */
  backAfterMs: v.optional(v.number()),
  hasRecovered: v.boolean(),
  growth: v.string(),
  remark: v.string(),
});

/** What is known of a fault that was endured. */
export type FaultRow = v.InferOutput<typeof faultRowSchema>;

/** Heads of the columns. */
export const TABLE_HEAD = [
  '| fault | pictures missing | back after its end | recovered by itself | memory and handles | remark |',
  '| --- | ---: | ---: | --- | --- | --- |',
];

/** A row as markdown. */
export function lineOf(row: FaultRow): string {
  const { fault, missingMs, backAfterMs, hasRecovered, growth, remark } = row;
  const cells = [fault, timeOf(missingMs), timeOf(backAfterMs), hasRecovered ? 'yes' : 'NO'];
  return `| ${[...cells, growth, remark].join(' | ')} |`;
}

function timeOf(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${Math.round(milliseconds)} ms`;
}
