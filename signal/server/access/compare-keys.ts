/** The one place where a key that somebody brings is compared with those that open the room. */
import { timingSafeEqual } from 'node:crypto';

/**
 * Finds a digest among candidates. Every candidate is looked at whatever was found before, so the
 * time it takes tells nothing of whether, or where, there is a match.
 * @param isSame - compares two digests in constant time
 * @returns the place of the match; -1 where there is none
 */
export function indexOfDigest(
  presented: Buffer,
  candidates: readonly Buffer[],
  isSame: (one: Buffer, other: Buffer) => boolean = timingSafeEqual,
): number {
  let found = -1;
  for (const [index, candidate] of candidates.entries()) {
    const matches = isSame(presented, candidate);
    found = matches ? index : found;
  }
  return found;
}
