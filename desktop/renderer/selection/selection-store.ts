import { defineStore } from 'pinia';
import { ref, shallowReactive } from 'vue';

/** What the operator has picked: the tile that keys act on, the tiles heard, the figures shown. */
export const useSelectionStore = defineStore('selection', () => {
  const currentId = ref<string>();
  const areFiguresShown = ref(false);
  const heard = shallowReactive(new Set<string>());

  function select(streamId: string | undefined): void {
    currentId.value = streamId;
  }

  function isHeard(streamId: string): boolean {
    return heard.has(streamId);
  }

  function toggleSound(streamId: string): void {
    if (!heard.delete(streamId)) heard.add(streamId);
  }

  /** A stream that left is neither heard nor picked, also should it return. */
  function forget(streamId: string): void {
    heard.delete(streamId);
    if (currentId.value === streamId) currentId.value = undefined;
  }

  function toggleFigures(): void {
    areFiguresShown.value = !areFiguresShown.value;
  }

  return {
    currentId,
    areFiguresShown,
    select,
    isHeard,
    toggleSound,
    forget,
    toggleFigures,
  };
});
