/**
 * Figures of several streams on one axis of time: pure functions. Streams are sampled at moments of
 * their own; graphs have one value for each full second.
 */
import type { RingColumn, StatsRing } from '../statistics/stats-ring';
import type { GraphDefinition } from './graph-definitions';

/** A value stands for its second and a late next one; after that there is a gap, in milliseconds. */
const VALID_MS = 1_900;

export type Values = readonly (number | undefined)[];

/** What is read of a ring; `StatsRing` fits. */
export type ReadableRing = Pick<StatsRing, 'times' | 'series' | 'length'>;

/** Full seconds of a window that ends at the newest figure; empty where there is none. */
export function secondsOf(rings: readonly ReadableRing[], minutes: number): number[] {
  const newest = Math.max(...rings.map((ring) => ring.times().at(-1) ?? -Infinity));
  if (!Number.isFinite(newest)) return [];
  const last = Math.ceil(newest / 1_000);
  const count = minutes * 60 + 1;
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

/** For each second the place of its sample in the ring; undefined in a gap. */
export function placesOf(ring: ReadableRing, seconds: readonly number[]): Values {
  const times = ring.times();
  let next = 0;
  return seconds.map((second) => {
    const at = second * 1_000;
    while ((times[next] ?? Infinity) <= at) next += 1;
    const time = times[next - 1];
    return time === undefined || at - time >= VALID_MS ? undefined : next - 1;
  });
}

/** One line of a graph, and the edges of its band where it has one. */
export interface LineValues {
  readonly values: Values;
  readonly upper?: Values;
  readonly lower?: Values;
}

/** The lines of one stream in one graph, second by second. */
export function linesOf(
  ring: ReadableRing,
  places: Values,
  { lines }: GraphDefinition,
): LineValues[] {
  const read = (column: RingColumn, factor: number): Values => {
    const series = ring.series(column);
    return places.map((place) => {
      const value = place === undefined ? undefined : series[place];
      return value === undefined ? undefined : value * factor;
    });
  };
  return lines.map(({ column, factor, error }) => {
    const values = read(column, factor);
    if (error === undefined) return { values };
    const errors = read(error, factor);
    return {
      values,
      upper: values.map((value, index) => plus(value, errors[index])),
      lower: values.map((value, index) => {
        const edge = plus(value, negative(errors[index]));
        return edge === undefined ? undefined : Math.max(0, edge);
      }),
    };
  });
}

/**
 * The top of a scale: 1, 2 or 5 times a power of ten that holds every value, and no less than
 * `leastTop`.
 */
export function scaleTop(values: Iterable<number | undefined>, leastTop: number): number {
  let most = leastTop;
  for (const value of values) if (value !== undefined && value > most) most = value;
  if (most === leastTop) return leastTop;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= most) ?? 10;
  return step * power;
}

function plus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}
