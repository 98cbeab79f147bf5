import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Items of the menu that other places lead to as well. */
export type MenuPanel = 'quality' | 'camera';

/** The one menu that is open: of which stream, and where on the screen, in CSS pixels. */
export interface ShownMenu {
  readonly streamId: string;
  /** What it shows at once, in place of its items. */
  readonly panel?: MenuPanel;
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
