/** When a leaf certificate has to be made again. Plain rules; the caller brings the time. */

const DAY_MS = 24 * 60 * 60 * 1000;

/** Ten years: whoever trusts a root does it once for each phone. */
export const ROOT_VALIDITY_MS = 3_650 * DAY_MS;

/**
 * Apple accepts 825 days under a private root, but some devices hold every certificate to the 398
 * of the public ones. With the day of `BACKDATE_MS` it is 396.
 */
export const LEAF_VALIDITY_MS = 395 * DAY_MS;

/** Certificates begin a day early, because phones' clocks go wrong. */
export const BACKDATE_MS = DAY_MS;

/** A leaf is made again this long before it ends. */
export const RENEW_BEFORE_MS = 30 * DAY_MS;

/** What counts of a leaf. */
export interface LeafFacts {
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Names and addresses it carries, canonical. */
  readonly hosts: readonly string[];
}

/** What a leaf has to be good for. */
export interface LeafNeeds {
  readonly hosts: readonly string[];
  /** End of the root: no leaf outlives it. Milliseconds since the epoch. */
  readonly rootNotAfterMs: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Why a leaf has to be made again. */
export type ReissueReason = 'ending' | 'not yet valid' | 'addresses changed';

/** Why a leaf has to be made again; undefined while it is good. */
export function reissueReason(leaf: LeafFacts, needs: LeafNeeds): ReissueReason | undefined {
  const { hosts, rootNotAfterMs, nowMs } = needs;
  // The clock was set back: the leaf comes from a future that has not been.
  if (nowMs < leaf.notBeforeMs) return 'not yet valid';
  const canLastLonger = leaf.notAfterMs < leafNotAfterMs(nowMs, rootNotAfterMs);
  if (nowMs > leaf.notAfterMs - RENEW_BEFORE_MS && canLastLonger) return 'ending';
  if ([...leaf.hosts].sort().join() !== [...hosts].sort().join()) return 'addresses changed';
  return undefined;
}

/** When a leaf that is made now ends, in milliseconds since the epoch. */
export function leafNotAfterMs(nowMs: number, rootNotAfterMs: number): number {
  return Math.min(nowMs + LEAF_VALIDITY_MS, rootNotAfterMs);
}
