import { sampleStream, type SampleMemory, type StreamSample } from './stream-sample';

/** Sampling interval, in milliseconds: one timer at 1 Hz for every stream together. */
const INTERVAL_MS = 1_000;

/**
 * Time after which a report is given up, in milliseconds. In Firefox a report asked for just before
 * its connection closed never comes.
 */
const READING_TIMEOUT_MS = 5_000;

/** Anything with statistics; a `Subscriber` fits. */
export interface StatsSource {
  getStats(): Promise<RTCStatsReport | undefined>;
}

interface Entry {
  readonly source: StatsSource;
  readonly listener: (sample: StreamSample) => void;
  memory: SampleMemory | undefined;
  /** When the report under way was asked for, by `performance.now()`. */
  readingSince: number | undefined;
}

/** Samples all its sources by one timer, which runs only while there are any. */
export class StatsPoller {
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Samples a source once a second; returns the way to stop. */
  add(source: StatsSource, listener: (sample: StreamSample) => void): () => void {
    const entry: Entry = { source, listener, memory: undefined, readingSince: undefined };
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
    const now = performance.now();
    for (const entry of this.#entries) {
      // A report that takes longer than the interval must not pile up behind itself.
      const isReading =
        entry.readingSince !== undefined && now - entry.readingSince < READING_TIMEOUT_MS;
      if (!isReading) void this.#sample(entry, now);
    }
  }

  async #sample(entry: Entry, startedAt: number): Promise<void> {
    entry.readingSince = startedAt;
    // A connection that closes meanwhile refuses its statistics: then there is no report.
    const report = await entry.source.getStats().catch(() => undefined);
    if (!this.#entries.has(entry) || entry.readingSince !== startedAt) return;
    entry.readingSince = undefined;
    entry.memory = sampleStream(report, entry.memory, performance.now());
    entry.listener(entry.memory.sample);
  }
}
