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
const text = (): string => mounted.wrapper.text();

afterEach(() => mounted.close());

describe('the camera panel', () => {
  it('says why nothing can be controlled', async () => {
    await mountPanel(undefined);
    expect(hook('camera-obstacle').text()).toContain('cannot be controlled now');
    await tell({ ...RICH, isControlAllowed: false });
    expect(hook('camera-obstacle').text()).toContain('refuses control');
    expect(hook('torch').exists()).toBe(false);
  });

  it('offers what the camera has, and says what it has not', async () => {
    await mountPanel(PLAIN);
    expect(hook('torch').exists()).toBe(false);
    for (const lack of ['no light', 'cannot zoom', 'sends no sound'])
      expect(text()).toContain(lack);
    await tell(RICH);
    expect(hook('torch').attributes('aria-pressed')).toBe('false');
  });

  it('shows progress, then done, and the state that the phone tells', async () => {
    await mountPanel(RICH);
    await hook('torch').trigger('click');
    expect(asked).toEqual([{ kind: 'torch', isOn: true }]);
    expect(hook('command-status').attributes('data-state')).toBe('asking');
    await answer({ ok: true, value: undefined });
    expect(hook('command-status').attributes('data-state')).toBe('done');
    await tell({ ...RICH, isTorchOn: true });
    expect(hook('torch').attributes('aria-pressed')).toBe('true');
  });

  it('gives the phone’s own reason, or that of the refusal', async () => {
    await mountPanel(RICH);
    await hook('torch').trigger('click');
    await answer({ ok: false, error: { reason: 'failed', sentence: 'The battery is too hot.' } });
    expect(text()).toContain('The battery is too hot.');
    await hook('torch').trigger('click');
    await answer({ ok: false, error: { reason: 'no-answer' } });
    expect(text()).toContain('did not answer within 2 seconds');
  });

  it('sends no more than the newest of a slider that is dragged', async () => {
    await mountPanel(RICH);
    const slider = mounted.wrapper.find('input[type="range"]');
    for (const value of ['2', '3', '4']) await slider.setValue(value);
    await answer({ ok: true, value: undefined });
    await answer({ ok: true, value: undefined });
    expect(asked).toEqual([
      { kind: 'zoom', value: 2 },
      { kind: 'zoom', value: 4 },
    ]);
  });

  it('shows a message, a quick one too, and takes it back', async () => {
    await mountPanel(PLAIN);
    await hook('message-send').trigger('click');
    expect(asked).toEqual([]);
    await hook('message-text').setValue('  Look up ');
    await hook('message-send').trigger('click');
    await answer({ ok: true, value: undefined });
    await mounted.wrapper.find('.phrase').trigger('click');
    await hook('message-clear').trigger('click');
    expect(asked).toEqual([
      { kind: 'message', text: 'Look up' },
      { kind: 'message', text: 'Hold still, please' },
      { kind: 'clear-message' },
    ]);
    expect(hook('message-text').attributes('maxlength')).toBe('140');
  });
});
