/** How a level is drawn: on a scale of decibels, as ears hear. */

/** Where the scale begins, in dBov; quieter than this is the noise of a quiet room. */
const FLOOR_DB = -60;

/** How far a meter falls in a second, in dB: slow enough to read, as on broadcast peak meters. */
const RELEASE_DB_PER_SECOND = 24;

/**
 * The part of the scale that is filled, 0 to 1.
 * @param level linear, 0 to 1, as the packets of a stream carry it.
 */
export function meterFraction(level: number): number {
  if (level <= 0) return 0;
  const decibels = 20 * Math.log10(level);
  return Math.min(Math.max(1 - decibels / FLOOR_DB, 0), 1);
}

/** What is shown next: up at once, down slowly. Fractions of the scale, 0 to 1. */
export function fallTo(fraction: number, shown: number, stepMs: number): number {
  const release = (RELEASE_DB_PER_SECOND / -FLOOR_DB) * (stepMs / 1_000);
  return Math.max(fraction, shown - release, 0);
}
