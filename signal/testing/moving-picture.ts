/** A camera's stand-in with pictures that move, are hard to compress, and can be told apart. */

/**
 * How much of it is new in each frame. An encoder has bits for all of `plain` and, blurred, of `busy`;
 * in front of a `storm` it gives up size.
 */
export type PictureContent = 'plain' | 'busy' | 'storm';

/** A picture that is being drawn until it is closed. */
export interface MovingPicture {
  readonly track: MediaStreamTrack;
  /** What is drawn from the next frame on; `plain` at first. */
  content: PictureContent;
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
    draw[picture.content]();
  }, 1_000 / FRAMES_PER_SECOND);
  const block = (hue: number, light: number, x: number, y: number, size: number): void => {
    context.fillStyle = `hsl(${String(hue)} 80% ${String(light)}%)`;
    context.fillRect(x % width, y, size * 4, size * 3);
  };
  const draw: Record<PictureContent, () => void> = {
    plain: () => {
      for (let index = 0; index < 300; index += 1) {
        const y = height / 2 + ((index * 29) % (height / 2));
        block((index * 37) % 360, 50, index * 53 + frame * 7, y, 3);
      }
    },
    busy: () => {
      for (let index = 0; index < 240; index += 1) {
        const light = 20 + 40 * Math.random();
        block((index * 37) % 360, light, index * 97 + frame * 3, (index * 61) % height, 10);
      }
    },
    storm: () => {
      for (let index = 0; index < 3_000; index += 1) {
        const [hue, light] = [360 * Math.random(), 20 + 60 * Math.random()];
        block(hue, light, width * Math.random(), height * Math.random(), 6);
      }
    },
  };
  const picture: MovingPicture = {
    track,
    content: 'plain',
    close() {
      clearInterval(timer);
      track.stop();
    },
  };
  return picture;
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
