import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** The one menu that is open: of which stream, and where on the screen, in CSS pixels. */
export interface ShownMenu {
  readonly streamId: string;
  /** Its right edge when it hangs from a button, its left edge at the pointer. */
  readonly x: number;
  readonly y: number;
  readonly hangsFrom: 'button' | 'pointer';
}

/** Which tile's menu is open. */
export const useMenuStore = defineStore('menu', () => {
  const shown = shallowRef<ShownMenu>();

  function open(menu: ShownMenu): void {
    shown.value = menu;
  }

  function close(): void {
    shown.value = undefined;
  }

  return { shown, open, close };
});
