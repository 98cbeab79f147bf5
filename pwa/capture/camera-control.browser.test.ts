/** The settings that Chromium's fake camera has: focus, exposure, size and rate. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CameraControl } from './camera-control';

const DONE = { ok: true, value: undefined };

let track: MediaStreamTrack;
let control: CameraControl;

beforeEach(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  const [video] = stream.getVideoTracks();
  if (video === undefined) throw new Error('The fake camera gives no picture');
  track = video;
  control = new CameraControl(track);
});

afterEach(() => {
  track.stop();
});

describe('the fake camera', () => {
  it('focuses and exposes as it is told, and keeps its size', async () => {
    const { focus, exposure, width, height } = control.controls;
    expect(focus?.modes).toEqual(['manual', 'continuous']);
    expect(exposure?.modes).toEqual(['manual', 'continuous']);
    expect(await control.set({ kind: 'focus', mode: 'manual', distance: 22 })).toEqual(DONE);
    expect(control.controls.focus).toMatchObject({ mode: 'manual', distance: { value: 20 } });
    expect(await control.set({ kind: 'exposure', mode: 'manual' })).toEqual(DONE);
    expect(control.controls.exposure?.mode).toBe('manual');
    expect(control.controls).toMatchObject({ width, height });
    expect(control.controls.focus?.distance?.value).toBe(20);
  });

  it('gives another size and rate, and keeps its focus', async () => {
    await control.set({ kind: 'focus', mode: 'manual', distance: 30 });
    expect(await control.set({ kind: 'capture', width: 640, height: 360 })).toEqual(DONE);
    expect(control.controls).toMatchObject({ width: 640, height: 360 });
    expect(await control.set({ kind: 'capture', frameRate: 10 })).toEqual(DONE);
    expect(control.controls).toMatchObject({ width: 640, height: 360, frameRate: 10 });
    expect(control.controls.focus?.distance?.value).toBe(30);
  });

  it('says what it does not have', async () => {
    for (const command of [
      { kind: 'torch', isOn: true },
      { kind: 'zoom', value: 2 },
      { kind: 'focus', mode: 'single-shot' },
      { kind: 'exposure', mode: 'continuous', compensation: 1 },
    ] as const) {
      expect(await control.set(command)).toMatchObject({ error: { reason: 'not-supported' } });
    }
  });

  it('offers a mode that it does not take, and that is said', async () => {
    expect(await control.set({ kind: 'exposure', mode: 'continuous' })).toMatchObject({
      error: { reason: 'failed' },
    });
    expect(await control.set({ kind: 'focus', mode: 'manual', distance: 40 })).toEqual(DONE);
  });

  it('that is gone fails', async () => {
    track.stop();
    const outcome = await control.set({ kind: 'capture', width: 640 });
    expect(outcome).toMatchObject({ ok: false });
  });
});
