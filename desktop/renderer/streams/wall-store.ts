import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef } from 'vue';
import type { StreamInfo } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { TileState } from './tile-state';

/** What one tile shows: plain data, replaced as a whole. */
export interface TileView {
  readonly info: StreamInfo;
  readonly state: TileState;
  /** Absent while there is no connection to sample. */
  readonly sample: StreamSample | undefined;
}

/** Assumed until a picture tells: what most cameras send. */
const DEFAULT_ASPECT = 16 / 9;

/** Relative change of a picture's shape that is worth moving tiles for; encoders round sizes. */
const ASPECT_TOLERANCE = 0.02;

/**
 * The tiles on the wall, in order. A tile reads only its own entry, so that one tile's statistics
 * never render another.
 */
export const useWallStore = defineStore('wall', () => {
  const order = shallowRef<readonly string[]>([]);
  const tiles = shallowReactive(new Map<string, TileView>());
  const aspects = shallowRef<ReadonlyMap<string, number>>(new Map());

  /** Width divided by height of every tile, in the order of the wall. */
  const tileAspects = computed(() =>
    order.value.map((streamId) => aspects.value.get(streamId) ?? DEFAULT_ASPECT),
  );

  function tileOf(streamId: string): TileView | undefined {
    return tiles.get(streamId);
  }

  function put(view: TileView): void {
    tiles.set(view.info.streamId, view);
  }

  function setOrder(streamIds: readonly string[]): void {
    order.value = streamIds;
  }

  function remove(streamId: string): void {
    order.value = order.value.filter((id) => id !== streamId);
    tiles.delete(streamId);
    const rest = new Map(aspects.value);
    rest.delete(streamId);
    aspects.value = rest;
  }

  /** Takes a picture's size in pixels; what only rounds differently moves nothing. */
  function setPictureSize(streamId: string, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    const aspect = width / height;
    const before = aspects.value.get(streamId) ?? DEFAULT_ASPECT;
    if (Math.abs(aspect / before - 1) < ASPECT_TOLERANCE) return;
    aspects.value = new Map(aspects.value).set(streamId, aspect);
  }

  return { order, tileAspects, tileOf, put, setOrder, remove, setPictureSize };
});

export type WallStore = ReturnType<typeof useWallStore>;
