/** A camera's stand-in with pictures that move, are hard to compress, and can be told apart. */

/** A picture that is being drawn until it is closed. */
export interface MovingPicture {
  readonly track: MediaStreamTrack;
  close(): void;
}

const FRAMES_PER_SECOND = 30;

/**
 * Draws on one color, its lower half full of moving detail.
 * @param color any CSS color; `colorOf` finds it in what arrives.
 */
export function createMovingPicture(color: string, width = 1280, height = 720): MovingPicture {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas');
  const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  if (track === undefined) throw new Error('A canvas has a video track');
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    context.fillStyle = color;
    context.fillRect(0, 0, width, height);
    for (let index = 0; index < 300; index += 1) {
      context.fillStyle = `hsl(${String((index * 37) % 360)} 80% 50%)`;
      const x = (index * 53 + frame * 7) % width;
      context.fillRect(x, height / 2 + ((index * 29) % (height / 2)), 12, 9);
    }
  }, 1_000 / FRAMES_PER_SECOND);
  return {
    track,
    close() {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** A muted, playing video element for what arrives; remove it when done. */
export function showMedia(media: MediaStream): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.srcObject = media;
  document.body.append(video);
  return video;
}

/** Size of the first picture an element paints. */
export function firstPictureSize(
  video: HTMLVideoElement,
): Promise<{ readonly width: number; readonly height: number }> {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback((_now, { width, height }) => resolve({ width, height }));
  });
}

/** The main color channel of the picture's upper half. */
export function colorOf(video: HTMLVideoElement): 'red' | 'green' | 'blue' | 'none' {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 8;
  const context = canvas.getContext('2d');
  if (context === null || video.videoWidth === 0) return 'none';
  context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 4, 0, 0, 8, 8);
  const [red = 0, green = 0, blue = 0] = context.getImageData(4, 4, 1, 1).data;
  const most = Math.max(red, green, blue);
  if (most < 60) return 'none';
  if (most === red) return 'red';
  return most === green ? 'green' : 'blue';
}
