import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the list of alerts is open. */
export const useAlertPanelStore = defineStore('alert-panel', () => {
  const isOpen = ref(false);

  function toggle(): void {
    isOpen.value = !isOpen.value;
  }

  return { isOpen, toggle };
});
