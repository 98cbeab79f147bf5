import * as v from 'valibot';
import { afterEach, expect, it, vi } from 'vitest';
import { lobbyPictureSchema } from '../../signal/protocol/room-messages';
import { stillsOf } from './lobby-pictures';

const opened: (() => void)[] = [];

afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** A preview of a camera that shows what compresses worst: noise, another at every frame. */
async function noisyPreview(width: number, height: number): Promise<HTMLVideoElement> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  const noise = context.createImageData(width, height);
  for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = Math.random() * 256;
  const stream = canvas.captureStream(10);
  const timer = setInterval(() => context.putImageData(noise, 0, 0), 50);
  const video = document.createElement('video');
  Object.assign(video, { muted: true, srcObject: stream });
  document.body.append(video);
  opened.push(() => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.remove();
  });
  await video.play();
  await vi.waitFor(() => expect(video.videoWidth).toBe(width));
  return video;
}

it.each([
  [1280, 720, 320, 180],
  [720, 1280, 180, 320],
  [160, 120, 160, 120],
])('a %d×%d picture becomes a JPEG of %d×%d that fits its message', async (...sizes) => {
  const [width, height, ...small] = sizes;
  const video = await noisyPreview(width, height);
  const picture = stillsOf(() => video)();
  const message = v.safeParse(lobbyPictureSchema, { type: 'lobby-picture', picture });
  expect(message.success).toBe(true);
  const image = new Image();
  image.src = `data:image/jpeg;base64,${picture!}`;
  await image.decode();
  expect([image.naturalWidth, image.naturalHeight]).toEqual(small);
});

it('gives nothing before there is a frame, or without a preview', () => {
  expect(stillsOf(() => null)()).toBeUndefined();
  expect(stillsOf(() => document.createElement('video'))()).toBeUndefined();
});
