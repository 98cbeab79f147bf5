import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { LatencyEstimate } from '../../../signal/rtc/stats/latency-estimate';
import type { StreamMonitor } from '../statistics/stream-monitor';
import type { Alert, AlertEngine } from './alert-engine';
import type { Health } from './health';

/** What a tile and the list of alerts show of one stream: plain data, replaced each second. */
export interface StreamHealth {
  readonly label: string;
  readonly health: Health;
  /** The most urgent first. */
  readonly alerts: readonly Alert[];
  /** How old the picture is; undefined where it cannot be estimated. */
  readonly latency: LatencyEstimate | undefined;
}

/** An alert with the name of its stream. */
export interface LabeledAlert extends Alert {
  readonly label: string;
}

/** How every stream is. A tile reads only its own entry. */
export const useHealthStore = defineStore('health', () => {
  const streams = shallowReactive(new Map<string, StreamHealth>());

  /** All alerts that stand, the newest first. */
  const alerts = computed<readonly LabeledAlert[]>(() =>
    [...streams.values()]
      .flatMap(({ label, alerts: raised }) => raised.map((alert) => ({ ...alert, label })))
      .sort((one, other) => other.alertId - one.alertId),
  );

  /** How many of them nobody has acknowledged. */
  const openCount = computed(() => alerts.value.filter((alert) => !alert.isAcknowledged).length);

  function of(streamId: string): StreamHealth | undefined {
    return streams.get(streamId);
  }

  function put(streamId: string, health: StreamHealth): void {
    streams.set(streamId, health);
  }

  function remove(streamId: string): void {
    streams.delete(streamId);
  }

  /** Takes over what became of the alerts between two seconds. */
  function refresh(engine: Pick<AlertEngine, 'alertsOf'>): void {
    for (const [streamId, health] of streams) {
      streams.set(streamId, { ...health, alerts: engine.alertsOf(streamId) });
    }
  }

  return { alerts, openCount, of, put, remove, refresh };
});

export type HealthStore = ReturnType<typeof useHealthStore>;

/** Keeps the store in step with the monitor, once a second for each stream; returns the way to stop. */
export function followHealth(
  monitor: Pick<StreamMonitor, 'on' | 'snapshotOf' | 'alerts'>,
  store: HealthStore,
): () => void {
  return monitor.on('second', (streamId) => {
    const snapshot = monitor.snapshotOf(streamId);
    if (snapshot === undefined || snapshot.isGone) {
      store.remove(streamId);
      return;
    }
    const { info, health, latency } = snapshot;
    const alerts = monitor.alerts.alertsOf(streamId);
    store.put(streamId, { label: info.label, health, alerts, latency });
  });
}
