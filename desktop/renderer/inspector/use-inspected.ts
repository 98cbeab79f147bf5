import {
  computed,
  onBeforeUnmount,
  shallowRef,
  watch,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import { injected, monitorKey } from '../injection';
import type { StreamSnapshot } from '../statistics/stream-monitor';

/** Streams are sampled one by one within a moment: what is shown follows once, in milliseconds. */
const GATHER_MS = 200;

/** What is known of the inspected streams, in their order. */
export interface Inspected {
  /** Grows each time that something is newer. */
  readonly tick: ShallowRef<number>;
  readonly snapshots: ComputedRef<readonly StreamSnapshot[]>;
}

/** Follows streams, also those that leave, for as long as the component lives. */
export function useInspected(streamIds: () => readonly string[]): Inspected {
  const monitor = injected(monitorKey);
  const tick = shallowRef(0);
  const holds = new Map<string, () => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    streamIds,
    (now) => {
      for (const [streamId, release] of holds) {
        if (now.includes(streamId)) continue;
        release();
        holds.delete(streamId);
      }
      for (const streamId of now) {
        if (!holds.has(streamId)) holds.set(streamId, monitor.hold(streamId));
      }
    },
    { immediate: true },
  );

  const stop = monitor.on('second', (streamId) => {
    if (!holds.has(streamId)) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      tick.value += 1;
    }, GATHER_MS);
  });

  onBeforeUnmount(() => {
    stop();
    clearTimeout(timer);
    for (const release of holds.values()) release();
    holds.clear();
  });

  const snapshots = computed(() => {
    // Nothing of the monitor is reactive: the tick, which never is negative, stands for all of it.
    const known = tick.value < 0 ? [] : streamIds();
    return known.flatMap((streamId) => monitor.snapshotOf(streamId) ?? []);
  });
  return { tick, snapshots };
}
