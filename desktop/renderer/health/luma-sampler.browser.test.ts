import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Luma } from './luma';
import { FrameMemory, lumaOfFrame } from './frame-luma';
import { LumaSampler } from './luma-sampler';

const PATIENCE = { timeout: 10_000, interval: 50 };

let closers: (() => void)[];
let seen: Map<string, (Luma | undefined)[]>;
let sampler: LumaSampler;

/** A video element that shows what a canvas is filled with; the color can be changed. */
async function showColor(color: string): Promise<[HTMLVideoElement, (color: string) => void]> {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const context = canvas.getContext('2d')!;
  let fill = color;
  const draw = (): void => {
    context.fillStyle = fill;
    context.fillRect(0, 0, 320, 180);
  };
  draw();
  const timer = setInterval(draw, 30);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = canvas.captureStream(30);
  document.body.append(video);
  closers.push(() => {
    clearInterval(timer);
    video.remove();
    for (const track of (video.srcObject as MediaStream).getTracks()) track.stop();
  });
  await video.play();
  return [video, (next) => (fill = next)];
}

/** The same after it went through a peer connection, as the pictures of phones do. */
async function receive(color: string): Promise<[HTMLVideoElement]> {
  const [source] = await showColor(color);
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  closers.push(() => {
    sender.close();
    receiver.close();
  });
  sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined);
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined);
  const arrived = new Promise<MediaStream>((take) => {
    receiver.ontrack = ({ track }) => take(new MediaStream([track]));
  });
  for (const track of (source.srcObject as MediaStream).getTracks()) sender.addTrack(track);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription!);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription!);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = await arrived;
  document.body.append(video);
  closers.push(() => video.remove());
  await video.play();
  return [video];
}

function newest(streamId: string): Luma | undefined {
  return seen.get(streamId)?.at(-1);
}

beforeEach(() => {
  closers = [];
  seen = new Map();
  sampler = new LumaSampler((streamId, luma) => {
    seen.set(streamId, [...(seen.get(streamId) ?? []), luma]);
  });
});

afterEach(() => {
  sampler.close();
  for (const close of closers) close();
});

describe('lumaOfFrame', () => {
  it('reads decoded pictures themselves: nothing has to be drawn', async () => {
    const [black] = await receive('#000');
    const [white] = await receive('#fff');
    const memory = new FrameMemory();
    await expect
      .poll(async () => (await lumaOfFrame(black, memory))?.mean, PATIENCE)
      .toBeLessThan(3);
    expect((await lumaOfFrame(white, memory))?.mean).toBeGreaterThan(250);
  });

  it('knows nothing of an element without a picture', async () => {
    const video = document.createElement('video');
    expect(await lumaOfFrame(video, new FrameMemory())).toBeUndefined();
  });
});

describe('LumaSampler', () => {
  it('tells a black picture from one that is not, and sees it change', async () => {
    const [black, fillBlack] = await showColor('#000');
    const [white] = await showColor('#fff');
    sampler.add('black', { video: black, isShown: () => true });
    sampler.add('white', { video: white, isShown: () => true });
    await expect.poll(() => newest('black')?.mean, PATIENCE).toBeLessThan(3);
    await expect.poll(() => newest('white')?.mean, PATIENCE).toBeGreaterThan(250);
    expect(newest('black')?.deviation).toBeLessThan(2);
    fillBlack('#808080');
    await expect.poll(() => newest('black')?.mean, PATIENCE).toBeGreaterThan(100);
  });

  it('says nothing of a tile that is not shown or has no picture', async () => {
    const [video] = await showColor('#000');
    sampler.add('hidden', { video, isShown: () => false });
    sampler.add('empty', { video: document.createElement('video'), isShown: () => true });
    await expect.poll(() => seen.size, PATIENCE).toBe(2);
    expect([newest('hidden'), newest('empty')]).toEqual([undefined, undefined]);
  });

  it('looks at nothing that was removed', async () => {
    const [video] = await showColor('#000');
    const target = { video, isShown: () => true };
    const remove = sampler.add('first', target);
    sampler.add('second', target);
    await expect.poll(() => seen.size, PATIENCE).toBe(2);
    remove();
    const count = seen.get('first')?.length;
    const others = seen.get('second')?.length ?? 0;
    await expect.poll(() => seen.get('second')?.length, PATIENCE).toBeGreaterThan(others + 1);
    expect(seen.get('first')).toHaveLength(count!);
  });
});
