import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Full screen of one element, by its own document. Safari before 16.4 cannot: then nothing is offered. */
export function useFullscreen(element: Readonly<Ref<HTMLElement | null>>): {
  readonly isFullscreen: Ref<boolean>;
  readonly canFullscreen: boolean;
  readonly toggleFullscreen: () => Promise<void>;
} {
  const isFullscreen = ref(false);
  const canFullscreen = 'requestFullscreen' in document.documentElement;

  function update(): void {
    isFullscreen.value = element.value !== null && document.fullscreenElement === element.value;
  }

  async function toggleFullscreen(): Promise<void> {
    if (!canFullscreen) return;
    const change = isFullscreen.value
      ? document.exitFullscreen()
      : element.value?.requestFullscreen();
    // Refused without a person's click or key; what is shown follows the event, so nothing is lost.
    await change?.catch(() => undefined);
  }

  onMounted(() => document.addEventListener('fullscreenchange', update));
  onBeforeUnmount(() => document.removeEventListener('fullscreenchange', update));

  return { isFullscreen, canFullscreen, toggleFullscreen };
}
