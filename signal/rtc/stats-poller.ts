import { sampleStream, type SampleMemory, type StreamSample } from './stream-sample';

/** Sampling interval, in milliseconds: one timer at 1 Hz for every stream together. */
const INTERVAL_MS = 1_000;

/** Anything with statistics; a `Subscriber` fits. */
export interface StatsSource {
  getStats(): Promise<RTCStatsReport | undefined>;
}

interface Entry {
  readonly source: StatsSource;
  readonly listener: (sample: StreamSample) => void;
  memory: SampleMemory | undefined;
  isReading: boolean;
}

/** Samples all its sources by one timer, which runs only while there are any. */
export class StatsPoller {
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Samples a source once a second; returns the way to stop. */
  add(source: StatsSource, listener: (sample: StreamSample) => void): () => void {
    const entry: Entry = { source, listener, memory: undefined, isReading: false };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#poll(), INTERVAL_MS);
    return () => {
      this.#entries.delete(entry);
      if (this.#entries.size === 0) this.close();
    };
  }

  /** Stops all sampling. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#entries.clear();
  }

  #poll(): void {
    for (const entry of this.#entries) {
      // A report that takes longer than the interval must not pile up behind itself.
      if (!entry.isReading) void this.#sample(entry);
    }
  }

  async #sample(entry: Entry): Promise<void> {
    entry.isReading = true;
    // A connection that closes meanwhile refuses its statistics: then there is no report.
    const report = await entry.source.getStats().catch(() => undefined);
    entry.isReading = false;
    if (!this.#entries.has(entry)) return;
    entry.memory = sampleStream(report, entry.memory, performance.now());
    entry.listener(entry.memory.sample);
  }
}
