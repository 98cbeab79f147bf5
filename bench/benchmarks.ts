/** Every benchmark there is, in the order they run and are reported. */
import type { Benchmark } from './core/benchmark';
import { join } from './join/join';
import { latency } from './latency/latency';
import { phone } from './phone/phone';
import { idleBenchmark, signalBenchmark } from './signal/signal';
import { startBenchmark } from './start/start';
import { wall } from './wall/wall';
import { wallQuality } from './wall-quality/wall-quality';

/** See the head of this file. */
export const benchmarks: readonly Benchmark[] = [
  join,
  latency,
  wall,
  wallQuality,
  phone,
  signalBenchmark,
  idleBenchmark,
  startBenchmark,
];
