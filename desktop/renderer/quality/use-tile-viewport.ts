import { onBeforeUnmount, onMounted, type Ref } from 'vue';
import { injected, viewportsKey } from '../injection';

/** Lets a stream's quality follow the element that shows it, for as long as its tile lives. */
export function useTileViewport(
  streamId: string,
  video: Readonly<Ref<HTMLVideoElement | null>>,
): void {
  const viewports = injected(viewportsKey);
  let stop = (): void => undefined;
  onMounted(() => {
    if (video.value !== null) stop = viewports.add(streamId, video.value);
  });
  onBeforeUnmount(() => stop());
}
