/**
 * Arithmetic on figures that may be unknown. Counters of `getStats` only grow; one that went back
 * belongs to other media, and the interval has no figure.
 */

/** What was added since, times a factor; undefined when either is unknown or the counter went back. */
export function difference(
  now: number | undefined,
  before: number | undefined,
  factor = 1,
): number | undefined {
  if (now === undefined || before === undefined || now < before) return undefined;
  return (now - before) * factor;
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
