import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { injected, monitorKey, registryKey } from '../injection';
import { useTileViewport } from '../quality/use-tile-viewport';

/**
 * Width and height, in pixels, of the black frame that Chromium shows where a remote track ended
 * (`kMinFrameSize` in its `media_stream_video_renderer_sink.cc`). It is nobody's picture.
 */
const END_FRAME_PX = 2;

/**
 * Plays a stream in a tile's video element for as long as the tile lives: follows the stream's
 * media, tells when pictures show and how large, and keeps the sound as the operator wants it.
 * @returns whether the browser refuses sound until the page is clicked, and the way to try again.
 */
export function useTileVideo(
  streamId: string,
  element: Readonly<Ref<HTMLVideoElement | null>>,
  isHeard: () => boolean,
): { readonly isSoundBlocked: Ref<boolean>; readonly play: () => Promise<void> } {
  useTileViewport(streamId, element);
  const registry = injected(registryKey);
  const monitor = injected(monitorKey);
  let stopMeasuring = (): void => undefined;
  const isSoundBlocked = ref(false);

  function show(media: MediaStream | undefined): void {
    const video = element.value;
    if (video === null || media === undefined || video.srcObject === media) return;
    video.srcObject = media;
    void play();
  }

  async function play(): Promise<void> {
    const video = element.value;
    if (video === null) return;
    video.muted = !isHeard();
    isSoundBlocked.value = false;
    try {
      await video.play();
    } catch (error) {
      // An AbortError means that other media or the end of the tile came first.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // Sound without a click is refused (HTML autoplay policy): go on silently and say so.
      if (video.muted) return;
      isSoundBlocked.value = true;
      video.muted = true;
      await video.play().catch(() => undefined);
    }
  }

  function tellPicture(): void {
    const video = element.value;
    if (video === null || video.videoWidth <= END_FRAME_PX) return;
    registry.pictureShown(streamId, video.videoWidth, video.videoHeight);
  }

  const stopListening = registry.on('mediaChanged', (changedId, media) => {
    if (changedId === streamId) show(media);
  });
  watch(isHeard, () => void play());

  onMounted(() => {
    element.value?.addEventListener('loadeddata', tellPicture);
    element.value?.addEventListener('resize', tellPicture);
    if (element.value !== null) stopMeasuring = monitor.addVideo(streamId, element.value);
    show(registry.mediaOf(streamId));
  });

  onBeforeUnmount(() => {
    stopListening();
    stopMeasuring();
    const video = element.value;
    if (video === null) return;
    video.removeEventListener('loadeddata', tellPicture);
    video.removeEventListener('resize', tellPicture);
    // Frees the decoder now; garbage collection may take minutes to.
    video.srcObject = null;
  });

  return { isSoundBlocked, play };
}
