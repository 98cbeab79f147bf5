/** Reading `getStats` reports field by field: browsers leave out what they do not know. */

/** One entry of a report. */
export type StatsEntry = Readonly<Record<string, unknown>>;

/** The part of an `RTCStatsReport` that is read; recorded reports fit as well. */
export interface StatsReport {
  forEach(visit: (entry: StatsEntry) => void): void;
}

/** A finite number; undefined where the entry has none. */
export function readNumber(entry: StatsEntry | undefined, key: string): number | undefined {
  const value = entry?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A text; undefined where the entry has none. */
export function readText(entry: StatsEntry | undefined, key: string): string | undefined {
  const value = entry?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** True or false; undefined where the entry says neither. */
export function readFlag(entry: StatsEntry | undefined, key: string): boolean | undefined {
  const value = entry?.[key];
  return typeof value === 'boolean' ? value : undefined;
}

/** An entry inside an entry, such as `qualityLimitationDurations`; undefined where there is none. */
export function readRecord(entry: StatsEntry | undefined, key: string): StatsEntry | undefined {
  const value = entry?.[key];
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is StatsEntry {
  return typeof value === 'object' && value !== null;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without its undefined fields: absent means unknown. */
export function present<T extends Record<string, string | number | boolean | undefined>>(
  fields: T,
): Defined<T>;
export function present(fields: Record<string, string | number | boolean | undefined>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
