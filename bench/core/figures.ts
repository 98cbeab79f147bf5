/** What many measurements of one thing come to. */
import type { Comparison, Pair, Reading } from './benchmark';

/** Middle and spread of some values. */
export interface Summary {
  readonly median: number;
  /** First and third quartile: half of all values lie between them. */
  readonly low: number;
  readonly high: number;
}

/**
 * Value below which a share of the values lies, straight lines between neighbors.
 *
 * @param share - from 0 to 1
 * @throws RangeError without values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('There are no values.');
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Middle and quartiles of some values. */
export function summarize(values: readonly number[]): Summary {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * How much Sightline takes of what bare takes: the middle of the ratios of each pair. A pair's ratio
 * keeps what the machine did to both of them out of it; a ratio of medians would not.
 */
export function ratioOf(pairs: readonly Pair[]): Summary {
  return summarize(pairs.map(({ sightline, bare }) => sightline / bare));
}

/** Whether a figure is as good as asked for; undefined where nothing was asked. */
export function meetsAim(figure: Comparison | Reading): boolean | undefined {
  const { aim } = figure;
  if (aim === undefined) return undefined;
  const value = 'pairs' in figure ? ratioOf(figure.pairs).median : median(figure.values);
  return figure.better === 'more' ? value >= aim : value <= aim;
}
