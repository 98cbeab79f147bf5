/**
 * What is known of every stream, second by second: the newest facts, the figures of the last quarter
 * of an hour, the alerts that stand and the verdict. It runs by the samples of the registry, so there
 * is no timer of its own, and nothing here is reactive: who shows something listens to `second`.
 */
import { createNanoEvents } from 'nanoevents';
import type { Telemetry } from '../../../signal/protocol/control-reports';
import type { StreamInfo } from '../../../signal/protocol/messages';
import type { LatencyEstimate } from '../../../signal/rtc/stats/latency-estimate';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { AlertEngine } from '../health/alert-engine';
import { diagnose, type Diagnosis } from '../health/diagnose';
import { healthOf, type Health } from '../health/health';
import type { HealthFacts, SoundFacts } from '../health/health-facts';
import type { Luma } from '../health/luma';
import type { StreamRegistry } from '../streams/stream-registry';
import type { TileState } from '../streams/tile-state';
import { LiveLatency, type FrameSource } from './live-latency';
import { ringFigures } from './ring-figures';
import { StatsRing } from './stats-ring';

/** What other parts of the console found out, kept until they say something else. */
export interface Findings {
  readonly luma?: Luma | undefined;
  readonly sound?: SoundFacts | undefined;
  /** Linear, 0 to 1. */
  readonly soundLevel?: number | undefined;
  /** False while this console asks for no picture; true unless told. */
  readonly isPictureWanted?: boolean;
  readonly maxFramerate?: number | undefined;
  readonly maxBitrateBps?: number | undefined;
  readonly scaleResolutionDownBy?: number | undefined;
}

/** All that is known of one stream now. */
export interface StreamSnapshot {
  readonly info: StreamInfo;
  /** True once it has left the wall. */
  readonly isGone: boolean;
  readonly facts: HealthFacts;
  readonly telemetry: Telemetry | undefined;
  readonly latency: LatencyEstimate | undefined;
  readonly health: Health;
  readonly diagnosis: Diagnosis;
}

interface MonitorEvents {
  /** Something is newer: after each sample, each change of state and when the stream leaves. */
  second: (streamId: string) => void;
}

interface Watched {
  info: StreamInfo;
  state: TileState;
  isGone: boolean;
  readonly ring: StatsRing;
  findings: Findings;
  sample: StreamSample | undefined;
  telemetry: Telemetry | undefined;
  latency: LatencyEstimate | undefined;
  holders: number;
}

export interface StreamMonitorOptions {
  readonly registry: Pick<StreamRegistry, 'on' | 'subscriberOf'>;
  readonly alerts: AlertEngine;
}

/** See the head of this file. */
export class StreamMonitor {
  readonly alerts: AlertEngine;
  readonly #registry: StreamMonitorOptions['registry'];
  readonly #events = createNanoEvents<MonitorEvents>();
  readonly #streams = new Map<string, Watched>();
  readonly #latencies = new Map<string, LiveLatency>();
  readonly #stops: readonly (() => void)[];

  constructor({ registry, alerts }: StreamMonitorOptions) {
    this.#registry = registry;
    this.alerts = alerts;
    this.#stops = [
      registry.on('stateChanged', (info, state) => this.#onState(info, state)),
      registry.on('sampled', (info, sample) => this.#onSample(info, sample)),
      registry.on('left', (streamId) => this.#onLeft(streamId)),
    ];
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof MonitorEvents>(event: E, listener: MonitorEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Measures the age of a stream's pictures at the element that shows them; returns the way to stop. */
  addVideo(streamId: string, video: FrameSource): () => void {
    this.#latencies.get(streamId)?.close();
    const latency = new LiveLatency(video);
    this.#latencies.set(streamId, latency);
    return () => {
      latency.close();
      if (this.#latencies.get(streamId) === latency) this.#latencies.delete(streamId);
    };
  }

  /** Takes what others found out; what a note does not name stays as it was. */
  note(streamId: string, findings: Findings): void {
    const watched = this.#streams.get(streamId);
    if (watched !== undefined) watched.findings = { ...watched.findings, ...findings };
  }

  /** Figures of the last quarter of an hour; undefined for a stream that is not known. */
  ringOf(streamId: string): StatsRing | undefined {
    return this.#streams.get(streamId)?.ring;
  }

  /** All that is known of a stream; undefined where nothing is. */
  snapshotOf(streamId: string): StreamSnapshot | undefined {
    const watched = this.#streams.get(streamId);
    if (watched === undefined) return undefined;
    const { info, isGone, telemetry, latency } = watched;
    const facts = factsOf(watched);
    const raised = this.alerts.alertsOf(streamId).map(({ kind }) => kind);
    return {
      info,
      isGone,
      facts,
      telemetry,
      latency,
      health: healthOf(facts.state, raised),
      diagnosis: diagnose(facts, new Set(raised)),
    };
  }

  /** A stream's raw report; undefined where it has no connection. */
  async reportOf(streamId: string): Promise<RTCStatsReport | undefined> {
    return this.#registry.subscriberOf(streamId)?.getStats();
  }

  /** Keeps what is known of a stream also when it leaves; returns the way to let go. */
  hold(streamId: string): () => void {
    const watched = this.#streams.get(streamId);
    if (watched === undefined) return () => undefined;
    watched.holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      watched.holders -= 1;
      this.#forgetIfUnused(streamId, watched);
    };
  }

  /** Lets go of everything. Idempotent. */
  close(): void {
    for (const stop of this.#stops) stop();
    for (const latency of this.#latencies.values()) latency.close();
    this.#latencies.clear();
    for (const streamId of this.#streams.keys()) this.alerts.remove(streamId);
    this.#streams.clear();
  }

  #onState(info: StreamInfo, state: TileState): void {
    const watched = this.#streams.get(info.streamId);
    if (watched === undefined) {
      this.#streams.set(info.streamId, {
        info,
        state,
        isGone: false,
        ring: new StatsRing(),
        findings: {},
        sample: undefined,
        telemetry: undefined,
        latency: undefined,
        holders: 0,
      });
    } else Object.assign(watched, { info, state, isGone: false });
    this.#events.emit('second', info.streamId);
  }

  #onSample(info: StreamInfo, sample: StreamSample): void {
    const { streamId } = info;
    const watched = this.#streams.get(streamId);
    if (watched === undefined) return;
    const telemetry = this.#registry.subscriberOf(streamId)?.control?.telemetry;
    const sending = telemetry?.sending;
    const stages = { ...sample, encodeMs: sending?.encodeMs, sendDelayMs: sending?.sendDelayMs };
    const latency = this.#latencies.get(streamId)?.sample(stages, sample.isPictureMoving);
    Object.assign(watched, { info, sample, telemetry, latency });
    const { soundLevel } = watched.findings;
    // The steady clock: a graph must not fold when the computer's time is set.
    const at = performance.timeOrigin + sample.takenAt;
    watched.ring.push(at, ringFigures({ sample, sending, latency, soundLevel }));
    this.alerts.look(streamId, factsOf(watched), sample.takenAt);
    this.#events.emit('second', streamId);
  }

  #onLeft(streamId: string): void {
    this.alerts.remove(streamId);
    const watched = this.#streams.get(streamId);
    if (watched === undefined) return;
    watched.isGone = true;
    this.#forgetIfUnused(streamId, watched);
    this.#events.emit('second', streamId);
  }

  #forgetIfUnused(streamId: string, watched: Watched): void {
    if (!watched.isGone || watched.holders > 0) return;
    if (this.#streams.get(streamId) === watched) this.#streams.delete(streamId);
  }
}

function factsOf(watched: Watched): HealthFacts {
  const { info, state, sample, telemetry, latency, findings } = watched;
  return {
    state: watched.isGone ? 'ended' : state.name,
    capture: info.capture,
    isPictureWanted: findings.isPictureWanted ?? true,
    sample,
    telemetry,
    maxFramerate: findings.maxFramerate,
    maxBitrateBps: findings.maxBitrateBps,
    scaleResolutionDownBy: findings.scaleResolutionDownBy,
    latencyMs: latency?.latencyMs,
    luma: findings.luma,
    sound: findings.sound,
  };
}
