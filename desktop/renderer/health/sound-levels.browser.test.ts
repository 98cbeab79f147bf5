/** Levels of a real call, whose tile is muted as tiles are. */
import { afterEach, expect, it, vi } from 'vitest';
import { SoundMeters, type SoundLevels } from './sound-meters';

vi.setConfig({ testTimeout: 45_000 });

const PATIENCE = { timeout: 15_000, interval: 50 };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

it('are heard though the tile is muted, and fall silent with the microphone', async () => {
  // The computed microphone beeps once a second.
  const media = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [microphone] = media.getAudioTracks();
  closers.push(() => microphone!.stop());
  const [phone, viewer] = [new RTCPeerConnection(), new RTCPeerConnection()];
  closers.push(
    () => phone.close(),
    () => viewer.close(),
  );
  phone.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) void viewer.addIceCandidate(candidate);
  });
  viewer.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) void phone.addIceCandidate(candidate);
  });
  viewer.addEventListener('track', ({ track }) => {
    const tile = document.createElement('video');
    tile.muted = true;
    tile.srcObject = new MediaStream([track]);
    void tile.play();
    closers.push(() => (tile.srcObject = null));
  });
  phone.addTrack(microphone!, media);
  await phone.setLocalDescription();
  await viewer.setRemoteDescription(phone.localDescription!);
  await viewer.setLocalDescription();
  await phone.setRemoteDescription(viewer.localDescription!);

  let loudest = 0;
  const meters = new SoundMeters((levels: SoundLevels) => {
    loudest = Math.max(loudest, levels.get('A') ?? 0);
  });
  closers.push(() => meters.close());
  meters.add('A', viewer.getReceivers()[0]!);
  await expect.poll(() => loudest, PATIENCE).toBeGreaterThan(0.01);
  microphone!.enabled = false;
  await expect.poll(() => meters.factsOf('A')?.silentForMs, PATIENCE).toBeGreaterThan(2_500);
  microphone!.enabled = true;
  await expect.poll(() => meters.factsOf('A')?.silentForMs, PATIENCE).toBeLessThan(100);
});
