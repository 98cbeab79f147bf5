/** Every benchmark there is, in the order they run and are reported. */
import type { Benchmark } from './core/benchmark';
import { signalBenchmark } from './signal/signal';
import { startBenchmark } from './start/start';

/** See the head of this file. */
export const benchmarks: readonly Benchmark[] = [signalBenchmark, startBenchmark];
