/** Tells whether a figure that was sampled over a long time grows. */

/** Part of the time in which caches fill and code is compiled: it is not judged. */
const WARM_UP = 0.3;

/** Part of what remains whose median stands for its begin, and for its end. */
const WINDOW = 1 / 3;

/** What became of a figure. */
export interface Steadiness {
  /** Median of the first part after the warm-up. */
  readonly first: number;
  /** Median of the last part. */
  readonly last: number;
  /** Growth from one to the other; 0.05 is 5 %. */
  readonly growth: number;
}

/** Compares the begin of samples with their end, by medians, after a warm-up. */
export function steadinessOf(samples: readonly number[]): Steadiness {
  const judged = samples.slice(Math.floor(samples.length * WARM_UP));
  const size = Math.max(1, Math.floor(judged.length * WINDOW));
  const first = median(judged.slice(0, size));
  const last = median(judged.slice(-size));
  return { first, last, growth: first === 0 ? 0 : last / first - 1 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
