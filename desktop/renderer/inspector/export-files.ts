/** What an operator can take along of the inspected streams: pure functions. */
import type { RingSample } from '../statistics/stats-ring';
import { RING_COLUMNS } from '../statistics/stats-ring';
import type { StreamSnapshot } from '../statistics/stream-monitor';
import { healthWords } from '../wording/health-words';
import { inspectorWords } from '../wording/inspector-words';
import { figureGroups } from './figure-groups';

/** One stream to export. */
export interface Exported {
  readonly snapshot: StreamSnapshot;
  readonly samples: readonly RingSample[];
}

/** A stream's report as the browser gave it; undefined where there was no connection. */
export interface RawReport {
  readonly streamId: string;
  readonly label: string;
  readonly report: RTCStatsReport | undefined;
}

/** All figures as a table in plain text, one column for each stream. */
export function figuresText(snapshots: readonly StreamSnapshot[]): string {
  const { figures: said } = inspectorWords;
  const rows: string[][] = [
    ['', ...snapshots.map(({ info }) => info.label)],
    ['', ...snapshots.map(({ diagnosis }) => healthWords.diagnosis(diagnosis))],
  ];
  const all = snapshots.map(figureGroups);
  for (const [groupAt, { name, figures }] of (all[0] ?? []).entries()) {
    rows.push([], [said.groups[name]]);
    for (const [at, figure] of figures.entries()) {
      const values = all.map((groups) => groups[groupAt]?.figures[at]?.value ?? said.absent);
      rows.push([said.names[figure.name], ...values]);
    }
  }
  return `${aligned(rows).join('\n')}\n`;
}

/** The ring as comma-separated values (RFC 4180): one line for each second of each stream. */
export function ringCsv(streams: readonly Exported[]): string {
  const lines = [['time', 'stream', 'label', ...RING_COLUMNS].join(',')];
  for (const { snapshot, samples } of streams) {
    const { streamId, label } = snapshot.info;
    for (const sample of samples) {
      const figures = RING_COLUMNS.map((name) => numberText(sample[name]));
      lines.push([isoTime(sample.at), streamId, csvText(label), ...figures].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The ring and every fact, as JSON. */
export function factsJson(streams: readonly Exported[], now: Date): string {
  const content = {
    exportedAt: now.toISOString(),
    streams: streams.map(({ snapshot, samples }) => ({
      ...snapshot,
      sentence: healthWords.diagnosis(snapshot.diagnosis),
      samples: samples.map(({ at, ...figures }) => ({ time: isoTime(at), ...figures })),
    })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The browser's own reports, as JSON. */
export function reportsJson(reports: readonly RawReport[], now: Date): string {
  const content = {
    takenAt: now.toISOString(),
    streams: reports.map(({ streamId, label, report }) => {
      const stats: unknown[] = [];
      report?.forEach((entry) => stats.push(entry));
      return { streamId, label, stats };
    }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** A name for a file: of the streams and the local time, without what file systems refuse. */
export function fileName(labels: readonly string[], ending: string, now: Date): string {
  const name = labels.join('-').toLowerCase();
  const safe = name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/gu, '');
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  return `sightline-${safe.slice(0, 60) || 'streams'}-${day}-${time}${ending}`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** As short as it is exact enough: the ring keeps seven digits. */
function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(7)));
}

/**
 * A text as one field of comma-separated values (RFC 4180). Labels come from strangers: none may be
 * taken for a formula by a spreadsheet (CWE-1236).
 */
export function csvText(text: string): string {
  const harmless = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n']/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function aligned(rows: readonly string[][]): string[] {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => (row.length > 1 ? (row[column]?.length ?? 0) : 0)));
  const columns = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, column) => width(column));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
