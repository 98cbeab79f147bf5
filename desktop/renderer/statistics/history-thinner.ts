/**
 * Thins samples for the history: one for every ten seconds, means of what was seen and the sum of
 * what was received. Pure but for its memory, which is one interval of each stream.
 */
import type { HealthLevel } from '../health/health';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';

/** Length of the interval that one kept sample stands for, in milliseconds. */
export const THINNED_MS = 10_000;

const MEANS = [
  'framesPerSecond',
  'videoBitrateBps',
  'packetsLostRatio',
  'roundTripTimeMs',
  'latencyMs',
] as const;

type Mean = (typeof MEANS)[number];

/** One second, as far as the history cares. */
export interface HistorySecond {
  readonly sample: StreamSample | undefined;
  readonly latencyMs: number | undefined;
  readonly health: HealthLevel;
}

/** Ten seconds of one stream. A figure that was never known is absent. */
export interface HistorySample extends Partial<Readonly<Record<Mean, number>>> {
  readonly streamId: string;
  /** Begin of the interval: milliseconds since the epoch, this computer's clock. */
  readonly at: number;
  /** Seconds in which a picture moved; the interval has about ten. */
  readonly liveSeconds: number;
  readonly receivedBytes: number;
  /** Of the last picture. */
  readonly height?: number;
  /** The worst. */
  readonly health: HealthLevel;
}

interface Interval {
  readonly at: number;
  readonly sums: Map<Mean, { sum: number; count: number }>;
  liveSeconds: number;
  receivedBytes: number;
  height: number | undefined;
  health: HealthLevel;
}

const WORSE: readonly HealthLevel[] = ['good', 'fair', 'poor', 'lost'];

/** See the head of this file. */
export class HistoryThinner {
  readonly #intervals = new Map<string, Interval>();

  /**
   * Adds a second.
   * @param at milliseconds since the epoch.
   * @returns the interval before, once its time is over or a clock went back.
   */
  add(streamId: string, at: number, second: HistorySecond): HistorySample | undefined {
    const open = this.#intervals.get(streamId);
    const isOver = open !== undefined && (at >= open.at + THINNED_MS || at < open.at);
    const finished = isOver ? this.end(streamId) : undefined;
    const interval = this.#intervals.get(streamId) ?? begin(at);
    this.#intervals.set(streamId, interval);
    include(interval, second);
    return finished;
  }

  /** Ends a stream's interval early, for it has left. @returns undefined where there is none. */
  end(streamId: string): HistorySample | undefined {
    const interval = this.#intervals.get(streamId);
    if (interval === undefined) return undefined;
    this.#intervals.delete(streamId);
    const { at, sums, liveSeconds, receivedBytes, height, health } = interval;
    const means: Partial<Record<Mean, number>> = {};
    for (const [name, { sum, count }] of sums) means[name] = sum / count;
    return {
      streamId,
      at,
      ...means,
      liveSeconds,
      receivedBytes,
      ...(height === undefined ? {} : { height }),
      health,
    };
  }
}

function begin(at: number): Interval {
  const sums = new Map<Mean, { sum: number; count: number }>();
  return { at, sums, liveSeconds: 0, receivedBytes: 0, height: undefined, health: 'good' };
}

function include(interval: Interval, { sample, latencyMs, health }: HistorySecond): void {
  for (const name of MEANS) {
    const value = name === 'latencyMs' ? latencyMs : sample?.[name];
    if (value === undefined) continue;
    const { sum, count } = interval.sums.get(name) ?? { sum: 0, count: 0 };
    interval.sums.set(name, { sum: sum + value, count: count + 1 });
  }
  if (sample?.isPictureMoving === true) interval.liveSeconds += 1;
  interval.receivedBytes += sample?.receivedBytes ?? 0;
  interval.height = sample?.height ?? interval.height;
  if (WORSE.indexOf(health) > WORSE.indexOf(interval.health)) interval.health = health;
}
