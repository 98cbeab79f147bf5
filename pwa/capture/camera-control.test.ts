import { beforeEach, describe, expect, it } from 'vitest';
import { readCameraControls, type ImageSettings } from './camera-capabilities';
import { CameraControl, type CameraSettingCommand, type ControllableTrack } from './camera-control';

type Constraints = MediaTrackConstraints & { readonly advanced?: (ImageSettings & object)[] };

/** A camera with everything, which takes what it is asked for unless a test says otherwise. */
class FakeCameraTrack implements ControllableTrack {
  capabilities: object = {
    width: { min: 1, max: 3840 },
    height: { min: 1, max: 2160 },
    frameRate: { min: 0, max: 60 },
    torch: true,
    zoom: { min: 1, max: 8, step: 0.5 },
    focusMode: ['continuous', 'single-shot', 'manual'],
    focusDistance: { min: 0.1, max: 10, step: 0.1 },
    exposureMode: ['continuous', 'manual'],
    exposureCompensation: { min: -2, max: 2, step: 0.5 },
  };
  settings: MediaTrackSettings & ImageSettings = {
    width: 1280,
    height: 720,
    frameRate: 30,
    torch: false,
    zoom: 1,
    focusMode: 'continuous',
    exposureMode: 'continuous',
    exposureCompensation: 0,
  };
  readonly asked: Constraints[] = [];
  refusal: Error | undefined;
  /** What this camera ignores, without a word. */
  ignored: readonly string[] = [];
  /** As in browsers that go back to a size of their own where none is asked for. */
  forgetsSize = false;

  getCapabilities(): MediaTrackCapabilities {
    return this.capabilities;
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  getConstraints(): MediaTrackConstraints {
    return this.asked.at(-1) ?? { deviceId: { exact: 'back' }, width: { ideal: 1280 } };
  }

  async applyConstraints(constraints: Constraints = {}): Promise<void> {
    await Promise.resolve();
    this.asked.push(constraints);
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    if (this.forgetsSize) this.settings = { ...this.settings, width: 640, height: 480 };
    for (const [name, value] of [
      ...Object.entries(constraints),
      ...Object.entries(constraints.advanced?.[0] ?? {}),
    ]) {
      if (this.ignored.includes(name) || name === 'advanced') continue;
      this.settings = { ...this.settings, [name]: idealOf(value) };
    }
  }
}

function idealOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ideal' in value ? value.ideal : value;
}

let track: FakeCameraTrack;
let control: CameraControl;

beforeEach(() => {
  track = new FakeCameraTrack();
  control = new CameraControl(track);
});

describe('what a camera can be told', () => {
  it('is read from its track', () => {
    expect(readCameraControls(track)).toEqual({
      width: 1280,
      height: 720,
      frameRate: 30,
      maxWidth: 3840,
      maxHeight: 2160,
      maxFrameRate: 60,
      isTorchOn: false,
      zoom: { min: 1, max: 8, step: 0.5, value: 1 },
      focus: {
        modes: ['continuous', 'single-shot', 'manual'],
        mode: 'continuous',
        distance: { min: 0.1, max: 10, step: 0.1 },
      },
      exposure: {
        modes: ['continuous', 'manual'],
        mode: 'continuous',
        compensation: { min: -2, max: 2, step: 0.5, value: 0 },
      },
    });
  });

  it('is nothing where the browser does not tell, or where there is no choice', () => {
    const bare = { getSettings: () => ({}) };
    expect(readCameraControls({ ...bare, getCapabilities: () => ({}) })).toEqual({});
    track.capabilities = { zoom: { min: 1, max: 1 }, focusMode: [], torch: false };
    track.settings = { frameRate: NaN };
    expect(readCameraControls(track)).toEqual({});
  });
});

describe('a setting', () => {
  it.each<[CameraSettingCommand, ImageSettings]>([
    [{ kind: 'torch', isOn: true }, { torch: true }],
    [{ kind: 'zoom', value: 2.6 }, { zoom: 2.5 }],
    [{ kind: 'zoom', value: 99 }, { zoom: 8 }],
    [{ kind: 'focus', mode: 'single-shot' }, { focusMode: 'single-shot' }],
    [
      { kind: 'focus', mode: 'manual', distance: 0.5 },
      { focusMode: 'manual', focusDistance: 0.5 },
    ],
    [
      { kind: 'exposure', mode: 'continuous', compensation: -9 },
      { exposureMode: 'continuous', exposureCompensation: -2 },
    ],
  ])('%o is asked of the camera as %o', async (command, image) => {
    expect(await control.set(command)).toEqual({ ok: true, value: undefined });
    expect(track.asked).toHaveLength(1);
    expect(track.asked[0]?.advanced).toEqual([image]);
  });

  it.each<CameraSettingCommand>([
    { kind: 'torch', isOn: true },
    { kind: 'zoom', value: 2 },
    { kind: 'focus', mode: 'manual' },
    { kind: 'exposure', mode: 'manual' },
  ])('that the camera does not offer is not asked for: $kind', async (command) => {
    track.capabilities = {};
    const outcome = await control.set(command);
    expect(outcome).toMatchObject({ ok: false, error: { reason: 'not-supported' } });
    expect(track.asked).toEqual([]);
  });

  it('stays when another is made, and goes on in order', async () => {
    await Promise.all([
      control.set({ kind: 'torch', isOn: true }),
      control.set({ kind: 'zoom', value: 3 }),
      control.set({ kind: 'focus', mode: 'manual', distance: 2 }),
      control.set({ kind: 'focus', mode: 'continuous' }),
    ]);
    expect(track.asked.at(-1)?.advanced).toEqual([
      { torch: true, zoom: 3, focusMode: 'continuous' },
    ]);
  });

  it('says so where the camera ignores it', async () => {
    track.ignored = ['torch'];
    expect(await control.set({ kind: 'torch', isOn: true })).toMatchObject({
      error: { reason: 'failed' },
    });
    await control.set({ kind: 'zoom', value: 2 });
    expect(track.asked.at(-1)?.advanced).toEqual([{ zoom: 2 }]);
  });

  it.each([
    [new DOMException('Gone', 'InvalidStateError'), 'failed'],
    [{ name: 'OverconstrainedError', constraint: 'torch' }, 'not-supported'],
    ['odd', 'failed'],
  ])('that is refused with %o has %s', async (error, reason) => {
    // Not all of them are errors.
    track.refusal = error as Error;
    expect(await control.set({ kind: 'torch', isOn: true })).toMatchObject({ error: { reason } });
  });

  it('keeps the size where the browser would forget it', async () => {
    track.forgetsSize = true;
    await control.set({ kind: 'torch', isOn: true });
    expect(track.settings).toMatchObject({ width: 1280, height: 720, torch: true });
  });
});

describe('size and rate', () => {
  it('are wishes, beside the camera that was chosen, and leave the rest as it is', async () => {
    await control.set({ kind: 'capture', width: 1920, height: 1080 });
    expect(track.asked).toEqual([
      {
        deviceId: { exact: 'back' },
        width: { ideal: 1920 },
        height: { ideal: 1080 },
        frameRate: { ideal: 30 },
      },
    ]);
    await control.set({ kind: 'capture', frameRate: 60 });
    expect(track.settings).toMatchObject({ width: 1920, height: 1080, frameRate: 60 });
  });

  it('keep the torch on', async () => {
    await control.set({ kind: 'torch', isOn: true });
    await control.set({ kind: 'capture', frameRate: 15 });
    expect(track.asked.at(-1)?.advanced).toEqual([{ torch: true }]);
    expect(track.asked.at(-2)?.advanced).toBeUndefined();
  });
});
