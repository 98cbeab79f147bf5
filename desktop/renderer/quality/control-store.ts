import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Quality, Viewport } from '../../../signal/protocol/control';
import type { AppliedQuality, CameraFacts } from '../../../signal/protocol/control-reports';
import type { ControlState } from '../../../signal/rtc/control/viewer-control';

/** What is known of controlling one phone: plain data, replaced as a whole. */
export interface ControlView {
  readonly state: ControlState;
  /** What this console wants of the stream. */
  readonly quality: Quality;
  /** What its tile shows; undefined until the tile has been laid out. */
  readonly viewport: Viewport | undefined;
  /** What there is to control; undefined while the phone is absent. */
  readonly camera: CameraFacts | undefined;
  /** What the phone asked its encoder for; undefined while everything is as it began. */
  readonly applied: AppliedQuality | undefined;
}

/** Quality that follows the tile, and nothing else. */
export const AUTOMATIC: Quality = { wish: { kind: 'preset', preset: 'auto' }, isPinned: false };

const NOTHING_KNOWN: ControlView = {
  state: 'absent',
  quality: AUTOMATIC,
  viewport: undefined,
  camera: undefined,
  applied: undefined,
};

/** Control of each stream's phone, for what shows and asks. */
export const useControlStore = defineStore('control', () => {
  const views = shallowReactive(new Map<string, ControlView>());

  /** What is known of a stream; nothing, for one that nobody told of. */
  function of(streamId: string): ControlView {
    return views.get(streamId) ?? NOTHING_KNOWN;
  }

  function change(streamId: string, changes: Partial<ControlView>): void {
    views.set(streamId, { ...of(streamId), ...changes });
  }

  function remove(streamId: string): void {
    views.delete(streamId);
  }

  return { of, change, remove };
});

export type ControlStore = ReturnType<typeof useControlStore>;
