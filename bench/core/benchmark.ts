/** What a benchmark is and what it hands back; the runner and the tables know nothing else of it. */
import type { Stage } from '../../e2e/harness/stage';

/** One figure of Sightline and of the bare baseline, measured one right after the other. */
export interface Pair {
  readonly sightline: number;
  readonly bare: number;
}

/** A figure measured for Sightline and the bare baseline in turn. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  readonly pairs: readonly Pair[];
  /** Ratio of Sightline to bare that is asked for, if any. */
  readonly aim?: number;
}

/** A figure without a baseline (bytes, stages, frame sizes). */
export interface Reading {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly better?: 'less' | 'more';
  /** Value that is asked for, if any, in `unit`. */
  readonly aim?: number;
}

/** All that one benchmark found. */
export interface BenchResult {
  readonly comparisons: readonly Comparison[];
  readonly readings: readonly Reading[];
  /** Plain sentences: what limits a figure, which runs were dropped and why. */
  readonly remarks: readonly string[];
}

/** What a benchmark is given. */
export interface BenchContext {
  /** Owns all that the benchmark opens; closed when it is over. */
  readonly stage: Stage;
  /** How often each comparison is made. */
  readonly pairs: number;
  /** Whether only to prove that it still works: tiny, quick, its figures worth nothing. */
  readonly isSmoke: boolean;
  /** Tells whoever waits how far it is. */
  readonly say: (line: string) => void;
}

/** One benchmark. */
export interface Benchmark {
  /** What it is called on the command line. */
  readonly name: string;
  /** What it measures, in a few words. */
  readonly title: string;
  /** Whether it runs only where it is named: it compares Sightline with itself. */
  readonly isApart?: boolean;
  run(context: BenchContext): Promise<BenchResult>;
}
