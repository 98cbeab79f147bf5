import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { pageStorage } from '../host/page-storage';

/** Streams that can be looked at side by side: more lines in one graph cannot be told apart. */
export const MAX_COMPARED = 4;

/** Minutes that graphs show; the last is all that is kept. */
export const ZOOM_MINUTES = [1, 5, 15] as const;

export type ZoomMinutes = (typeof ZOOM_MINUTES)[number];

/** Width of the panel, in CSS pixels. */
export const MIN_WIDTH = 360;
export const MAX_WIDTH = 1_100;
const DEFAULT_WIDTH = 440;

const WIDTH_KEY = 'sightline-inspector-width';

/** What became of a wish to compare. */
export type Comparison = 'added' | 'taken-away' | 'full';

/** Which streams the inspector shows, and how. It is open while it shows any. */
export const useInspectorStore = defineStore('inspector', () => {
  const shown = shallowRef<readonly string[]>([]);
  const zoomMinutes = ref<ZoomMinutes>(5);
  const width = ref(readWidth());
  /** Whether the panel takes the keyboard when it opens: not where somebody only compares. */
  const takesFocus = ref(true);
  /** One more was just asked for than there are places. */
  const isFull = ref(false);

  /** Shows one stream alone. */
  function open(streamId: string): void {
    takesFocus.value = true;
    isFull.value = false;
    shown.value = [streamId];
  }

  function close(): void {
    isFull.value = false;
    shown.value = [];
  }

  /** Shows a stream alone, or closes where it already is. */
  function toggle(streamId: string): void {
    if (shown.value.length === 1 && shown.value[0] === streamId) close();
    else open(streamId);
  }

  /** Puts a stream beside the others, or takes it away. */
  function compare(streamId: string): Comparison {
    const isShown = shown.value.includes(streamId);
    isFull.value = !isShown && shown.value.length >= MAX_COMPARED;
    if (isShown) {
      shown.value = shown.value.filter((id) => id !== streamId);
      return 'taken-away';
    }
    if (isFull.value) return 'full';
    takesFocus.value = false;
    shown.value = [...shown.value, streamId];
    return 'added';
  }

  /** Place of a stream among those shown, from 1; undefined where it is not shown. */
  function placeOf(streamId: string): number | undefined {
    const index = shown.value.indexOf(streamId);
    return index === -1 ? undefined : index + 1;
  }

  /** Sets the panel's width and remembers it. */
  function resize(wanted: number): void {
    width.value = Math.round(Math.min(Math.max(wanted, MIN_WIDTH), MAX_WIDTH));
    try {
      pageStorage(window)?.setItem(WIDTH_KEY, String(width.value));
    } catch {
      // Storage is full: the width holds until the page closes.
    }
  }

  return {
    shown,
    zoomMinutes,
    width,
    takesFocus,
    isFull,
    open,
    close,
    toggle,
    compare,
    placeOf,
    resize,
  };
});

function readWidth(): number {
  const kept = Number(pageStorage(window)?.getItem(WIDTH_KEY) ?? Number.NaN);
  return kept >= MIN_WIDTH && kept <= MAX_WIDTH ? kept : DEFAULT_WIDTH;
}
