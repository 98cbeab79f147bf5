import { flushPromises } from '@vue/test-utils';
import { createNanoEvents } from 'nanoevents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CameraCommand } from '../../../signal/protocol/control';
import type { CameraFacts } from '../../../signal/protocol/control-reports';
import type { CommandOutcome } from '../../../signal/rtc/control/viewer-control';
import type { ControlSource } from '../quality/phone-controls';
import { streamIdOf } from '../testing/fake-streams';
import { mountConsole, type MountedConsole } from '../testing/mount-console';
import CameraPanel from './CameraPanel.vue';
import type { ControlName } from './use-phone-command';

const STREAM = streamIdOf(1);
const PLAIN: CameraFacts = {
  isControlAllowed: true,
  cameras: [{ deviceId: 'a', label: 'Back camera', facing: 'environment' }],
  deviceId: 'a',
};
const RICH: CameraFacts = {
  ...PLAIN,
  isTorchOn: false,
  zoom: { min: 1, max: 8, step: 0.5, value: 1 },
  focus: {
    modes: ['continuous', 'manual'],
    mode: 'continuous',
    distance: { min: 0.1, max: 10, value: 1 },
  },
  exposure: { modes: ['continuous'], mode: 'continuous', compensation: { min: -2, max: 2 } },
  isMicrophoneMuted: false,
};

let mounted: MountedConsole;
let asked: CameraCommand[];
let answers: ((outcome: CommandOutcome) => void)[];
let events: ReturnType<typeof createNanoEvents<Record<string, (...args: unknown[]) => void>>>;

async function mountPanel(camera: CameraFacts | undefined): Promise<void> {
  asked = [];
  answers = [];
  events = createNanoEvents();
  mounted = mountConsole(CameraPanel, { props: { streamId: STREAM, label: 'Stage' } });
  const source = {
    streams: [],
    setViewport: vi.fn(),
    setQuality: vi.fn(),
    command: (_streamId: string, command: CameraCommand) => {
      asked.push(command);
      return new Promise<CommandOutcome>((resolve) => answers.push(resolve));
    },
    on: (event: string, listener: () => void) => events.on(event, listener),
  };
  mounted.controls.attach(source as ControlSource);
  await tell(camera);
}

async function tell(camera: CameraFacts | undefined): Promise<void> {
  if (camera !== undefined) {
    events.emit('controlStateChanged', STREAM, 'ready');
    events.emit('cameraChanged', STREAM, camera);
  }
  await flushPromises();
}

async function answer(outcome: CommandOutcome): Promise<void> {
  answers.shift()?.(outcome);
  await flushPromises();
}

const hook = (name: string) => mounted.wrapper.find(`[data-testid="${name}"]`);
const control = (name: ControlName) => mounted.wrapper.find(`[data-control="${name}"]`);
const status = (name: ControlName) => control(name).find('[data-testid="command-status"]');
const choice = (name: ControlName, value: string) => control(name).find(`[data-value="${value}"]`);
const text = (): string => mounted.wrapper.text();

afterEach(() => mounted.close());

describe('the camera panel', () => {
  it('says why nothing can be controlled', async () => {
    await mountPanel(undefined);
    expect(hook('camera-obstacle').text()).toContain('cannot be controlled now');
    await tell({ ...RICH, isControlAllowed: false });
    expect(hook('camera-obstacle').text()).toContain('refuses control');
    expect(control('torch').exists()).toBe(false);
  });

  it('offers what the camera has, and says what it has not', async () => {
    await mountPanel(PLAIN);
    expect(choice('torch', 'on').exists()).toBe(false);
    for (const lack of ['no light', 'cannot zoom', 'sends no sound'])
      expect(text()).toContain(lack);
    await tell(RICH);
    expect(choice('torch', 'off').attributes('aria-pressed')).toBe('true');
    expect(text()).not.toContain('no light');
  });

  it('shows progress, then done, and the state that the phone tells', async () => {
    await mountPanel(RICH);
    await choice('torch', 'on').trigger('click');
    expect(asked).toEqual([{ kind: 'torch', isOn: true }]);
    expect(status('torch').attributes('data-state')).toBe('asking');
    await tell({ ...RICH, isTorchOn: true });
    await answer({ ok: true, value: undefined });
    expect(status('torch').attributes('data-state')).toBe('done');
    expect(choice('torch', 'on').attributes('aria-pressed')).toBe('true');
    expect(status('zoom').exists()).toBe(false);
  });

  it('gives the phone’s own reason, or that of the refusal', async () => {
    await mountPanel(RICH);
    await choice('torch', 'on').trigger('click');
    await answer({ ok: false, error: { reason: 'failed', sentence: 'The battery is too hot.' } });
    expect(control('torch').find('[role="alert"]').text()).toBe('The battery is too hot.');
    await choice('torch', 'on').trigger('click');
    await answer({ ok: false, error: { reason: 'no-answer' } });
    expect(text()).toContain('did not answer within 2 seconds');
  });

  it('goes back to what is so where the phone refuses', async () => {
    await mountPanel(RICH);
    const refusal = { ok: false, error: { reason: 'failed' } } as const;
    const slider = control('zoom').find('input');
    const modes = control('focus').find('select');
    await slider.setValue('5');
    expect(slider.element.value).toBe('5');
    await modes.setValue('manual');
    await choice('torch', 'on').trigger('click');
    expect(choice('torch', 'on').attributes('aria-pressed')).toBe('true');
    for (let command = 0; command < 3; command += 1) await answer(refusal);
    expect(slider.element.value).toBe('1');
    expect(modes.element.value).toBe('continuous');
    expect(choice('torch', 'off').attributes('aria-pressed')).toBe('true');
  });

  it('sends no more than the newest of a slider that is dragged, and not too often', async () => {
    vi.useFakeTimers();
    try {
      await mountPanel(RICH);
      const slider = control('zoom').find('input');
      for (const value of ['2', '3', '4']) await slider.setValue(value);
      answers.shift()?.({ ok: true, value: undefined });
      await vi.advanceTimersByTimeAsync(90);
      expect(asked).toHaveLength(1);
      await slider.setValue('5');
      await vi.advanceTimersByTimeAsync(10);
      answers.shift()?.({ ok: true, value: undefined });
      await vi.advanceTimersByTimeAsync(200);
      expect(asked).toEqual([
        { kind: 'zoom', value: 2 },
        { kind: 'zoom', value: 5 },
      ]);
      expect(status('zoom').attributes('data-state')).toBe('done');
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks for focus by hand and for another exposure', async () => {
    await mountPanel(RICH);
    await control('distance').find('input').setValue('2.08');
    await control('brightness').find('input').setValue('-1');
    expect(asked).toEqual([
      { kind: 'focus', mode: 'manual', distance: expect.closeTo(2.08, 1) as number },
      { kind: 'exposure', mode: 'continuous', compensation: -1 },
    ]);
    expect(control('brightness').text()).toContain('-1 EV');
  });

  it('shows a message, a quick one too, and takes it back', async () => {
    await mountPanel(PLAIN);
    await hook('message-send').trigger('click');
    expect(asked).toEqual([]);
    await hook('message-text').setValue('  Look up ');
    await hook('message-send').trigger('click');
    await answer({ ok: true, value: undefined });
    await hook('phrase').trigger('click');
    await answer({ ok: true, value: undefined });
    await hook('message-clear').trigger('click');
    expect(asked).toEqual([
      { kind: 'message', text: 'Look up' },
      { kind: 'message', text: 'Hold still, please' },
      { kind: 'clear-message' },
    ]);
    expect(hook('message-text').attributes('maxlength')).toBe('140');
  });
});
