/**
 * What `/metrics` answers, in the Prometheus text format. Everything is read when it is asked for,
 * so that it costs nothing in between. Counts only: no names, no addresses, no ids.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RefusalCounts } from '../limits/refusals';
import type { Census } from '../registry';
import { addProcessMetrics } from './process-metrics';
import type { Traffic } from './traffic';

/** Bounds of the histogram of viewers: a desk, a few, a wall of desks, all that one phone may have. */
const VIEWER_BUCKETS = [0, 1, 2, 3, 5, 10, 25, 50, 100];

/** Where the figures come from. */
export interface MetricsSources {
  readonly version: string;
  readonly census: () => Census;
  readonly traffic: Traffic;
  readonly refusals: () => RefusalCounts;
}

/** See the head of this file. */
export class ServerMetrics {
  /** The `Content-Type` of what `text` resolves with. */
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #stop: () => void;

  constructor(sources: MetricsSources) {
    this.contentType = this.#registry.contentType;
    const registers = [this.#registry];
    addCounts(registers, sources);
    addTraffic(registers, sources);
    this.#stop = addProcessMetrics(this.#registry);
  }

  /** All figures as they are now. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Stops measuring. Idempotent. */
  close(): void {
    this.#stop();
    this.#registry.clear();
  }
}

function addCounts(registers: Registry[], { census, version }: MetricsSources): void {
  new Gauge({
    name: 'sightline_info',
    help: 'Always 1; the version is its label.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: 'sightline_clients',
    help: 'Phones and consoles, those within their resume window too.',
    labelNames: ['type'],
    registers,
    collect() {
      for (const [type, count] of Object.entries(census().clients)) this.set({ type }, count);
    },
  });
  new Gauge({
    name: 'sightline_streams',
    help: 'Streams on the wall.',
    registers,
    collect() {
      this.set(census().viewersPerStream.length);
    },
  });
  new Gauge({
    name: 'sightline_sessions',
    help: 'Streams times their viewers.',
    registers,
    collect() {
      this.set(census().viewersPerStream.reduce((sum, viewers) => sum + viewers, 0));
    },
  });
  new Histogram({
    name: 'sightline_viewers_per_stream',
    help: 'Present streams by their number of viewers: a picture of now, not a sum over time.',
    buckets: VIEWER_BUCKETS,
    registers,
    collect() {
      this.reset();
      this.zero({});
      for (const viewers of census().viewersPerStream) this.observe(viewers);
    },
  });
}

function addTraffic(registers: Registry[], { traffic, refusals }: MetricsSources): void {
  const { received, sent } = traffic;
  new Counter({
    name: 'sightline_messages_total',
    help: 'Messages through all WebSockets.',
    labelNames: ['direction'],
    registers,
    collect() {
      this.reset();
      this.inc({ direction: 'received' }, received.messages);
      this.inc({ direction: 'sent' }, sent.messages);
    },
  });
  new Counter({
    name: 'sightline_bytes_total',
    help: 'Bytes through all WebSockets; sent ones without framing.',
    labelNames: ['direction'],
    registers,
    collect() {
      this.reset();
      this.inc({ direction: 'received' }, received.bytes);
      this.inc({ direction: 'sent' }, sent.bytes);
    },
  });
  new Counter({
    name: 'sightline_refusals_total',
    help: 'What was refused for the good of the others.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(refusals())) this.inc({ reason }, count);
    },
  });
}
