/**
 * How loud each stream is, ten times a second and more, by the levels that senders put beside their
 * packets (RFC 6464, `getSynchronizationSources`): no audio graph, and right also where the tile is
 * muted, of which Chromium's statistics say 0. One timer reads all; the listener gets one map,
 * always the same, after each reading. No frame is asked for here: where no level changed, nothing
 * is painted.
 */
import type { SoundFacts } from './health-facts';

/** 12.5 times a second. */
const INTERVAL_MS = 80;

/**
 * One of how many readings asks a stream that has brought no sound yet: each question waits for the
 * thread that receives.
 */
const STRANGER_READINGS = 3;

/** At or below this nothing is heard: -70 dBov. A dead or covered microphone gives 0. */
const SILENCE_LEVEL = 0.000_32;

/** From here on samples are cut off: a full-scale sine has -3 dBov. */
export const CLIPPED_LEVEL = 0.7;

/** Readings over which the clipped part is counted: 2 s, and more in a hidden page, which reads less. */
const CLIPPED_READINGS = 25;

/** Level packets older than this are no sound any more, in milliseconds. */
const STALE_MS = 500;

/** Timers of hidden pages run once a second: one reading does not speak for so long. */
const MAX_STEP_MS = 250;

/** A receiver of sound; `RTCRtpReceiver` fits. */
export interface SoundSource {
  getSynchronizationSources(): readonly {
    readonly audioLevel?: number;
    readonly timestamp: DOMHighResTimeStamp;
  }[];
}

interface Meter {
  readonly source: SoundSource;
  /** Readings so far at which it had brought no sound. */
  strangerReadings: number;
  /** Of the newest packet that was read. */
  timestamp: number | undefined;
  unchangedMs: number;
  /** Whether each of the newest readings was clipped, the oldest first. */
  clips: boolean[];
  facts: { silentForMs: number; clippedRatio: number } | undefined;
}

/** Linear levels, 0 to 1, by stream; a stream whose level is unknown is not in it. */
export type SoundLevels = ReadonlyMap<string, number>;

/** See the head of this file. */
export class SoundMeters {
  readonly #listener: (levels: SoundLevels) => void;
  readonly #meters = new Map<string, Meter>();
  readonly #levels = new Map<string, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #readAt = 0;

  constructor(listener: (levels: SoundLevels) => void) {
    this.#listener = listener;
  }

  /** Reads a stream from now on, in place of the source it had; returns the way to stop. */
  add(streamId: string, source: SoundSource): () => void {
    const meter: Meter = {
      source,
      strangerReadings: 0,
      timestamp: undefined,
      unchangedMs: 0,
      clips: [],
      facts: undefined,
    };
    this.#meters.set(streamId, meter);
    if (this.#timer === undefined) {
      this.#readAt = performance.now();
      this.#timer = setInterval(() => this.#readAll(), INTERVAL_MS);
    }
    return () => {
      if (this.#meters.get(streamId) !== meter) return;
      this.#meters.delete(streamId);
      this.#levels.delete(streamId);
      if (this.#meters.size === 0) this.close();
    };
  }

  /** What the last seconds were like; undefined while the level is unknown. */
  factsOf(streamId: string): SoundFacts | undefined {
    return this.#meters.get(streamId)?.facts;
  }

  /** Its level now, linear, 0 to 1; undefined while it is unknown. */
  levelOf(streamId: string): number | undefined {
    return this.#levels.get(streamId);
  }

  /** Stops reading. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#meters.clear();
    this.#levels.clear();
  }

  #readAll(): void {
    const now = performance.now();
    const stepMs = Math.min(Math.max(now - this.#readAt, 0), MAX_STEP_MS);
    this.#readAt = now;
    for (const [streamId, meter] of this.#meters) {
      if (meter.facts === undefined && meter.strangerReadings++ % STRANGER_READINGS > 0) continue;
      const level = read(meter, stepMs);
      if (level === undefined) this.#levels.delete(streamId);
      else this.#levels.set(streamId, level);
    }
    this.#listener(this.#levels);
  }
}

function read(meter: Meter, stepMs: number): number | undefined {
  const level = levelOf(meter, stepMs);
  if (level === undefined) {
    meter.facts = undefined;
    return undefined;
  }
  meter.facts ??= { silentForMs: 0, clippedRatio: 0 };
  const { facts } = meter;
  // Packets that stay away are known for that only after a while, and were silent all along.
  facts.silentForMs =
    level <= SILENCE_LEVEL ? Math.max(facts.silentForMs + stepMs, meter.unchangedMs) : 0;
  meter.clips.push(level >= CLIPPED_LEVEL);
  if (meter.clips.length > CLIPPED_READINGS) meter.clips.shift();
  facts.clippedRatio = meter.clips.filter(Boolean).length / CLIPPED_READINGS;
  return level;
}

/** The newest packet's; 0 once none has come for a while; undefined before the first. */
function levelOf(meter: Meter, stepMs: number): number | undefined {
  let newest: { readonly audioLevel?: number; readonly timestamp: number } | undefined;
  for (const source of meter.source.getSynchronizationSources()) {
    if (newest === undefined || source.timestamp > newest.timestamp) newest = source;
  }
  meter.unchangedMs = newest?.timestamp === meter.timestamp ? meter.unchangedMs + stepMs : 0;
  meter.timestamp = newest?.timestamp;
  // Browsers forget sources after 10 s without a packet.
  if (newest === undefined) return meter.facts === undefined ? undefined : 0;
  return meter.unchangedMs >= STALE_MS ? 0 : newest.audioLevel;
}
