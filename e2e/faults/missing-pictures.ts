import type { FrameChange } from '../harness/page-probe';

/**
 * Time without a new picture that counts as missing, in milliseconds: on two cores that encode and
 * decode several streams in software, a frame may well be four frames late.
 */
const STILL_MS = 400;

/**
 * Time in which a watched picture stood still or was not the phone's, in milliseconds.
 *
 * @param from - begin of the time looked at, in milliseconds since the epoch.
 * @param to - its end.
 */
export function missingPictures(
  changes: readonly FrameChange[],
  phone: number,
  { from, to }: { from: number; to: number },
): number {
  const shown = changes
    .filter((change) => change.phone === phone && change.at >= from && change.at <= to)
    .map(({ at }) => at);
  const times = [from, ...shown, to];
  return times
    .slice(1)
    .map((at, index) => at - (times[index] ?? at))
    .filter((gap) => gap > STILL_MS)
    .reduce((sum, gap) => sum + gap, 0);
}
