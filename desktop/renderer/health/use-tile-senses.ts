import { computed, onBeforeUnmount, onMounted, type ComputedRef, type Ref } from 'vue';
import { injected, sensesKey } from '../injection';
import { useHealthStore, type StreamHealth } from './health-store';

/**
 * Has the picture of a tile looked at for as long as the tile lives.
 * @returns how the stream is; undefined before anything is known.
 */
export function useTileSenses(
  streamId: string,
  video: Readonly<Ref<HTMLVideoElement | null>>,
): ComputedRef<StreamHealth | undefined> {
  const senses = injected(sensesKey);
  const store = useHealthStore();
  let stop = (): void => undefined;

  onMounted(() => {
    if (video.value !== null) stop = senses.addPicture(streamId, video.value);
  });
  onBeforeUnmount(() => stop());

  return computed(() => store.of(streamId));
}
