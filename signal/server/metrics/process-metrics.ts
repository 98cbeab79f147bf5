/**
 * What Prometheus expects of any process, under the usual names. Those of `prom-client` itself
 * start an observer and a timer that nothing can stop; these end with the server.
 */
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Interval of the looks at the event loop, in milliseconds. Its delay is measured beyond that. */
const RESOLUTION_MS = 20;

const NS_PER_SECOND = 1e9;
const US_PER_SECOND = 1e6;

/**
 * Adds them to a registry.
 * @returns the way to stop
 */
export function addProcessMetrics(registry: Registry): () => void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        if (value !== undefined) this.set(value);
      },
    });
  };
  const memory = () => process.memoryUsage();
  gauge('process_resident_memory_bytes', 'Resident memory in bytes.', () => memory().rss);
  gauge('nodejs_heap_size_total_bytes', 'Heap size in bytes.', () => memory().heapTotal);
  gauge('nodejs_heap_size_used_bytes', 'Used heap in bytes.', () => memory().heapUsed);
  gauge('nodejs_external_memory_bytes', 'External memory in bytes.', () => memory().external);
  gauge('process_open_fds', 'Open file descriptors; absent where Linux is not.', openFiles);
  const startedAtSeconds = Math.floor(Date.now() / 1000 - process.uptime());
  gauge('process_start_time_seconds', 'Start, in seconds of Unix time.', () => startedAtSeconds);
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / US_PER_SECOND);
    },
  });
  return addEventLoopLag(registry);
}

function addEventLoopLag(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const beyond = (ns: number): number => Math.max(0, ns / NS_PER_SECOND - RESOLUTION_MS / 1000);
  new Gauge({
    name: 'sightline_event_loop_lag_seconds',
    help: 'How late the event loop was since the last scrape.',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      // It wakes the process fifty times a second: only where somebody looks.
      delay.enable();
      // Nothing was measured yet: a figure that is not known is absent.
      if (delay.max === 0) return;
      for (const quantile of [0.5, 0.9, 0.99]) {
        this.set({ quantile }, beyond(delay.percentile(quantile * 100)));
      }
      this.set({ quantile: 1 }, beyond(delay.max));
      delay.reset();
    },
  });
  return () => {
    delay.disable();
  };
}

function openFiles(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // One of them is the folder's own.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    // Hidden from this process, as some sandboxes do: the figure is absent.
    return undefined;
  }
}
