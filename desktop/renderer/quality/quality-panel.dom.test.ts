import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { streamIdOf } from '../testing/fake-streams';
import { mountConsole, type MountedConsole } from '../testing/mount-console';
import type { ControlSource } from './phone-controls';
import QualityPanel from './QualityPanel.vue';
import { compareQuality, isTaken } from './quality-figures';

const STREAM = streamIdOf(1);
let mounted: MountedConsole;
const setQuality = vi.fn<ControlSource['setQuality']>();

beforeEach(() => {
  setQuality.mockReset();
  mounted = mountConsole(QualityPanel, { props: { streamId: STREAM, label: 'Stage' } });
  mounted.controls.attach({
    streams: [],
    setViewport: vi.fn(),
    setQuality,
    command: vi.fn(),
    on: () => () => undefined,
  });
});
afterEach(() => mounted.close());

const hook = (name: string) => mounted.wrapper.find(`[data-testid="${name}"]`);
const last = (): unknown => setQuality.mock.lastCall?.[1];

describe('the quality panel', () => {
  it('follows the tile until something else is chosen', async () => {
    expect((hook('quality-auto').element as HTMLInputElement).checked).toBe(true);
    await hook('quality-sharp').trigger('change');
    expect(last()).toEqual({ wish: { kind: 'preset', preset: 'sharp' }, isPinned: false });
    await hook('quality-pin').trigger('change');
    expect(last()).toEqual({ wish: { kind: 'preset', preset: 'sharp' }, isPinned: true });
  });

  it('takes exact values, and refuses those that no phone takes', async () => {
    await hook('quality-exact').trigger('change');
    await hook('exact-scale').setValue('0.5');
    await hook('exact-framerate').setValue('15');
    await hook('exact-bitrate').setValue('800');
    const wish = { kind: 'exact', scale: 0.5, maxFramerate: 15, maxBitrateBps: 800_000 };
    expect(last()).toEqual({ wish, isPinned: false });
    await hook('exact-bitrate').setValue('3');
    expect(mounted.wrapper.find('[role="alert"]').text()).toContain('From 10 to 100000');
    expect((hook('exact-bitrate').element as HTMLInputElement).value).toBe('3');
    expect(setQuality).toHaveBeenCalledTimes(4);
    await hook('exact-bitrate').setValue('');
    expect(last()).toEqual({
      wish: { kind: 'exact', scale: 0.5, maxFramerate: 15 },
      isPinned: false,
    });
  });
});

describe('compareQuality', () => {
  const encoding = {
    isActive: true,
    scaleResolutionDownBy: 2,
    maxBitrateBps: 900_000,
    maxFramerate: 30,
  };

  it('leaves out what is unknown', () => {
    expect(compareQuality(undefined, undefined).map(({ value }) => value)).toEqual(['–', '–', '–']);
  });

  it('says what was asked for, and that nothing was', () => {
    const sending = { captureWidth: 1280, captureHeight: 720, width: 640, height: 360 };
    const telemetry = { type: 'telemetry', sending, phone: {} } as const;
    const values = (isActive: boolean) =>
      compareQuality(
        { type: 'applied', requested: { ...encoding, isActive }, actual: {} },
        { telemetry, facts: {} as never },
      ).map(({ value }) => value);
    expect(values(true)).toEqual(['640×360 · 30 fps · 900 kbit/s', '640×360', '–']);
    expect(values(false)[0]).toBe('Nothing: hidden');
  });
  it('tells when the browser did not take it all, or left something out', () => {
    const actual = { ...encoding, maxBitrateBps: 900_001 };
    const { maxFramerate, ...rest } = encoding;
    const taken = (left: object) => isTaken({ type: 'applied', requested: encoding, actual: left });
    expect(isTaken(undefined)).toBe(true);
    expect(taken(actual)).toBe(true);
    expect(taken(rest)).toBe(false);
    expect(taken({ ...rest, maxFramerate: maxFramerate / 2 })).toBe(false);
    expect(taken({ ...encoding, isActive: false })).toBe(false);
  });
});
