/** Results as tables: for a terminal, and as Markdown for `RESULTS.md`. */
import type { BenchResult } from './benchmark';
import { meetsAim, ratioOf, summarize, type Summary } from './figures';

const COMPARISON_HEAD = ['figure', 'Sightline', 'bare', 'ratio', 'aim', 'pairs'];
const READING_HEAD = ['figure', 'value', 'aim', 'runs'];

type Row = readonly string[];

/** Tables and remarks, as Markdown. */
export function markdownOf(result: BenchResult): string {
  const [comparisons, readings] = rowsOf(result);
  const tables = [
    ...(comparisons.length === 0 ? [] : [markdownTable(COMPARISON_HEAD, comparisons)]),
    ...(readings.length === 0 ? [] : [markdownTable(READING_HEAD, readings)]),
  ];
  const remarks = result.remarks.map((remark) => `- ${remark}`).join('\n');
  return [...tables, ...(remarks === '' ? [] : [remarks])].join('\n\n');
}

/** The same for a terminal. */
export function terminalText(result: BenchResult): string {
  const [comparisons, readings] = rowsOf(result);
  const tables = [
    ...(comparisons.length === 0 ? [] : [alignedTable(COMPARISON_HEAD, comparisons)]),
    ...(readings.length === 0 ? [] : [alignedTable(READING_HEAD, readings)]),
  ];
  return [...tables, ...result.remarks.map((remark) => `  ${remark}`)].join('\n\n');
}

function rowsOf({ comparisons, readings }: BenchResult): [Row[], Row[]] {
  const compared = comparisons.map((comparison) => {
    const { name, unit, pairs, better, aim } = comparison;
    return [
      `${name}, ${unit}`,
      summaryText(summarize(pairs.map(({ sightline }) => sightline))),
      summaryText(summarize(pairs.map(({ bare }) => bare))),
      summaryText(ratioOf(pairs), 2),
      aim === undefined ? '' : aimText(aim, better, meetsAim(comparison)),
      String(pairs.length),
    ];
  });
  const read = readings.map((reading) => {
    const { name, unit, values, better = 'less', aim } = reading;
    const value = values.length === 0 ? 'none' : summaryText(summarize(values));
    const asked = aim === undefined ? '' : aimText(aim, better, meetsAim(reading));
    return [`${name}, ${unit}`, value, asked, String(values.length)];
  });
  return [compared, read];
}

/** Median, with the quartiles where they differ. */
function summaryText({ median, low, high }: Summary, digits?: number): string {
  const [from, to] = [numberText(low, digits), numberText(high, digits)];
  const middle = numberText(median, digits);
  return from === to ? middle : `${middle} (${from}–${to})`;
}

/** Three significant digits, or as many decimals as told. */
function numberText(value: number, digits?: number): string {
  if (digits !== undefined) return value.toFixed(digits);
  const size = Math.abs(value);
  const decimals = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

function aimText(aim: number, better: 'less' | 'more', isMet: boolean | undefined): string {
  return `${better === 'less' ? '≤' : '≥'} ${aim}: ${isMet === true ? 'met' : 'not met'}`;
}

function markdownTable(head: Row, rows: readonly Row[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function alignedTable(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (row: Row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ');
  return [head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n');
}
