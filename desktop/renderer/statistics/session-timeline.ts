/**
 * One session of the console, as spans of time: what state each stream was in, and how good it was.
 * It grows by what is recorded, or by what was kept of an earlier session. Neighbors that are alike
 * are one span, so that a calm stream costs next to nothing.
 */
import type { HealthLevel } from '../health/health';
import type { TileCause, TileStateName } from '../streams/tile-state';
import { stateAfter, type HistoryEvent } from './history-events';
import { THINNED_MS, type HistorySample } from './history-thinner';

/** A time in one state. Times are milliseconds since the epoch. */
export interface StateSpan {
  readonly from: number;
  /** Undefined while it lasts. */
  to: number | undefined;
  readonly state: TileStateName;
  readonly cause: TileCause | undefined;
}

/** A time of one quality. */
export interface QualitySpan {
  readonly from: number;
  to: number;
  readonly level: HealthLevel;
  /** Lines of the picture; undefined where there was none. */
  readonly height: number | undefined;
}

/** One stream of a session. */
export interface StreamTimeline {
  readonly streamId: string;
  /** Its last name. */
  label: string;
  readonly states: readonly StateSpan[];
  readonly qualities: readonly QualitySpan[];
  /** Undefined until the first sample. */
  receivedBytes: number | undefined;
}

interface Growing extends StreamTimeline {
  readonly states: StateSpan[];
  readonly qualities: QualitySpan[];
}

/** A sample that is late by less than this continues the one before, in milliseconds. */
const GAP_MS = 3_000;

/** See the head of this file. */
export class SessionTimeline {
  readonly #streams = new Map<string, Growing>();
  readonly #events: HistoryEvent[] = [];

  /** In the order of their arrival. */
  get streams(): readonly StreamTimeline[] {
    return [...this.#streams.values()];
  }

  /** The oldest first. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Adds what happened. */
  addEvent(event: HistoryEvent): void {
    this.#events.push(event);
    const stream = this.#streamOf(event.streamId, event.label);
    stream.label = event.label;
    const state = stateAfter[event.kind];
    const last = stream.states.at(-1);
    const from = Math.max(event.at, last?.from ?? event.at);
    if (last !== undefined) last.to ??= from;
    if (state !== 'ended') stream.states.push({ from, to: undefined, state, cause: event.cause });
  }

  /** Adds ten seconds of a stream that has joined. */
  addSample(sample: HistorySample): void {
    const stream = this.#streams.get(sample.streamId);
    if (stream === undefined) return;
    stream.receivedBytes = (stream.receivedBytes ?? 0) + sample.receivedBytes;
    const { at: from, health: level, height } = sample;
    const to = from + THINNED_MS;
    const last = stream.qualities.at(-1);
    if (last !== undefined && from - last.to <= GAP_MS) {
      // Intervals last until the next sample; what overlaps or nearly touches, meets.
      last.to = Math.max(last.from, from);
      if (last.level === level && last.height === height) {
        last.to = to;
        return;
      }
    }
    stream.qualities.push({ from, to, level, height });
  }

  #streamOf(streamId: string, label: string): Growing {
    const known = this.#streams.get(streamId);
    if (known !== undefined) return known;
    const stream: Growing = {
      streamId,
      label,
      states: [],
      qualities: [],
      receivedBytes: undefined,
    };
    this.#streams.set(streamId, stream);
    return stream;
  }
}
