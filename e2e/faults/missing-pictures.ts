import type { FrameChange } from '../harness/page-probe';

/**
 * Time without a new picture that counts as missing, in milliseconds: on two cores that encode and
 * decode several streams in software, a frame may well be four frames late.
 */
const STILL_MS = 400;

/** What was missing of a watched picture, in milliseconds. */
export interface MissingPictures {
  /** Time in which it stood still, or was not the phone's. */
  readonly missingMs: number;
  /** From the end of a fault to the end of the last stretch that was missing; 0 if none was. */
  readonly backAfterMs: number;
}

/**
 * Looks for stretches without a new picture.
 *
 * @param from - begin of the time looked at, in milliseconds since the epoch.
 * @param faultEndedAt - when the fault was over.
 * @param to - end of the time looked at.
 */
export function missingPictures(
  changes: readonly FrameChange[],
  phone: number,
  { from, faultEndedAt, to }: { from: number; faultEndedAt: number; to: number },
): MissingPictures {
  const shown = changes
    .filter((change) => change.phone === phone && change.at >= from && change.at <= to)
    .map(({ at }) => at);
  const times = [from, ...shown, to];
  const missing = times
    .slice(1)
    .map((end, index) => ({ end, length: end - (times[index] ?? end) }))
    .filter(({ length }) => length > STILL_MS);
  return {
    missingMs: missing.reduce((sum, { length }) => sum + length, 0),
    backAfterMs: Math.max(0, (missing.at(-1)?.end ?? 0) - faultEndedAt),
  };
}
