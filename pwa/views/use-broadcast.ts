import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { Broadcast } from '../streaming/broadcast';
import type { BroadcastState } from '../streaming/broadcast-state';
import { everySecondSince } from '../streaming/second-ticks';

/** What views need of a broadcast: its state, its actions and a clock that runs while it is live. */
export interface BroadcastView {
  readonly state: Readonly<ShallowRef<BroadcastState>>;
  /** `Date.now()`, renewed once a second while live. */
  readonly nowMs: Readonly<ShallowRef<number>>;
}

/** A broadcast as reactive state; stops listening with its scope. */
export function useBroadcast(broadcast: Pick<Broadcast, 'state' | 'on'>): BroadcastView {
  const state = shallowRef(broadcast.state);
  const nowMs = shallowRef(Date.now());
  onScopeDispose(
    broadcast.on('changed', (next) => {
      state.value = next;
    }),
  );
  watch(
    () => state.value.liveSinceMs,
    (sinceMs, _before, onCleanup) => {
      if (sinceMs === undefined) return;
      onCleanup(
        everySecondSince(sinceMs, (now) => {
          nowMs.value = now;
        }),
      );
    },
    { immediate: true },
  );
  return { state, nowMs };
}
