/** What `Date.now()` said when this page began to measure; `performance.timeOrigin` is too new. */
const EPOCH_MS = Date.now() - performance.now();

/** Milliseconds since about the epoch, by a clock that never jumps, with fractions. */
export function monotonicNow(): number {
  return EPOCH_MS + performance.now();
}
