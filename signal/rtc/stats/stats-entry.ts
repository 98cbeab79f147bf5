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

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without its undefined fields: absent means unknown. */
export function present<T extends Record<string, string | number | boolean | undefined>>(
  fields: T,
): Defined<T>;
export function present(fields: Record<string, string | number | boolean | undefined>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
