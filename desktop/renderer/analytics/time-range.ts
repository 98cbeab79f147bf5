/** The part of a session that is in view, and how it moves: pure. Milliseconds since the epoch. */

/** A time span, not empty. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Closer than this there is nothing to see: samples stand for ten seconds. */
const MIN_LENGTH_MS = 10_000;

/** A range inside the bounds, of the same length where they have room for it. */
function inside({ from, to }: TimeRange, bounds: TimeRange): TimeRange {
  const length = Math.min(to - from, bounds.to - bounds.from);
  const start = Math.min(Math.max(from, bounds.from), bounds.to - length);
  return { from: start, to: start + length };
}

/**
 * Zooms around a moment, which stays where it is.
 * @param factor below 1 comes closer.
 */
export function zoomed(
  range: TimeRange,
  factor: number,
  around: number,
  bounds: TimeRange,
): TimeRange {
  const before = range.to - range.from;
  const longest = bounds.to - bounds.from;
  const length = Math.min(Math.max(before * factor, Math.min(MIN_LENGTH_MS, longest)), longest);
  const from = around - ((around - range.from) / before) * length;
  return inside({ from, to: from + length }, bounds);
}

/** Moves by a time; later is positive. */
export function panned(range: TimeRange, byMs: number, bounds: TimeRange): TimeRange {
  return inside({ from: range.from + byMs, to: range.to + byMs }, bounds);
}

/** After time has passed: a range that reached the end still does. */
export function followed(range: TimeRange, before: TimeRange, bounds: TimeRange): TimeRange {
  return range.to < before.to ? inside(range, bounds) : panned(range, bounds.to - range.to, bounds);
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** Steps that people read easily. */
const STEPS = [
  ...[1, 2, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
];

/** Where an axis has its marks. */
export interface Ticks {
  readonly stepMs: number;
  readonly times: readonly number[];
}

/**
 * Round times of day within a range.
 * @param zoneMs what local time is ahead of UTC.
 */
export function ticksOf(range: TimeRange, maxCount: number, zoneMs: number): Ticks {
  const length = range.to - range.from;
  const stepMs =
    STEPS.find((step) => length / step <= maxCount) ??
    24 * HOUR * Math.ceil(length / (24 * HOUR * maxCount));
  const times: number[] = [];
  const first = Math.ceil((range.from + zoneMs) / stepMs) * stepMs - zoneMs;
  for (let at = first; at <= range.to; at += stepMs) times.push(at);
  return { stepMs, times };
}
