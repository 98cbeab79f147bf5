/**
 * Arithmetic on figures that may be unknown. Counters of `getStats` only grow; one that went back
 * belongs to other media, and the interval has no figure.
 */
import { readNumber, type StatsEntry } from './stats-entry';

/** By how much a counter of an entry grew, times a factor; undefined when that is unknown. */
export type Growth = (key: string, factor?: number) => number | undefined;

/**
 * Compares an entry with the same one of the report before. Another SSRC is other media, which
 * counts from zero even where its count is higher.
 */
export function growthBetween(before: StatsEntry | undefined, now: StatsEntry | undefined): Growth {
  const isSame = before?.['ssrc'] === now?.['ssrc'];
  return (key, factor = 1) => {
    const from = readNumber(before, key);
    const to = readNumber(now, key);
    if (!isSame || from === undefined || to === undefined || to < from) return undefined;
    return (to - from) * factor;
  };
}

/** How much of it for each unit; undefined when either is unknown, or for no unit at all. */
export function quotient(
  amount: number | undefined,
  units: number | undefined,
): number | undefined {
  if (amount === undefined || units === undefined || units <= 0) return undefined;
  return amount / units;
}

/** The figure in another unit. */
export function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** Sizes are 0 before there is a picture: then they are unknown. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/**
 * The figure where it is none below 0. Firefox says -1 frames a second before it knows, and RFC 3550
 * lets the count of lost packets be negative where some came twice.
 */
export function natural(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 ? value : undefined;
}
