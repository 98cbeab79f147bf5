import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decodePhoneControl } from '../../signal/protocol/control-reports-codec';
import type { SwitchOutcome } from '../capture/camera';
import { FakeTrack } from '../testing/fake-media';
import { RemoteControl, type RemoteControlOptions } from './remote-control';

const DONE = { ok: true, value: undefined };

function setUp(options: Partial<RemoteControlOptions> = {}) {
  const changed = new Set<() => void>();
  const camera = {
    video: new FakeTrack('video', 'Back', { deviceId: 'back' }) as MediaStreamTrack | undefined,
    audio: new FakeTrack('audio', 'Microphone') as MediaStreamTrack | undefined,
    isMuted: false,
    facing: 'environment' as 'environment' | 'user',
    devices: [
      { deviceId: 'back', label: 'camera2 0, facing back' },
      { deviceId: 'front', label: `camera2 1, facing front ${'x'.repeat(200)}` },
      { deviceId: '', label: '' },
    ],
  };
  const setMuted = (isMuted: boolean): void => {
    camera.isMuted = isMuted;
    for (const listener of changed) listener();
  };
  const broadcast = {
    state: { liveSinceMs: undefined as number | undefined },
    on: (_event: 'changed', listener: () => void) => {
      changed.add(listener);
      return () => changed.delete(listener);
    },
    switchCamera: vi.fn(() => Promise.resolve<SwitchOutcome | undefined>({ outcome: 'switched' })),
    setMuted: vi.fn(setMuted),
    obeyMute: vi.fn(() => setMuted(true)),
  };
  const display = {
    showMessage: vi.fn(),
    clearMessage: vi.fn(),
    locate: vi.fn(),
    showControlled: vi.fn(),
    setOnAir: vi.fn(),
  };
  const remote = new RemoteControl({
    broadcast,
    camera,
    phoneFacts: () => ({ batteryLevel: 1 }),
    display,
    isControlAllowed: true,
    ...options,
  });
  return { remote, camera, broadcast, display, changed };
}

let phone: ReturnType<typeof setUp>;

beforeEach(() => {
  phone = setUp();
});

describe('what there is to control', () => {
  it('is told as the channel takes it', () => {
    const facts = phone.remote.cameraFacts();
    expect(facts).toMatchObject({
      deviceId: 'back',
      facing: 'environment',
      isMicrophoneMuted: false,
      cameras: [
        { deviceId: 'back', facing: 'environment' },
        { deviceId: 'front', facing: 'user' },
      ],
    });
    const message = { type: 'camera', isControlAllowed: true, ...facts };
    expect(decodePhoneControl(JSON.stringify(message)).ok).toBe(true);
  });

  it('is little while no camera is open', () => {
    phone.camera.video = phone.camera.audio = undefined;
    const facts = phone.remote.cameraFacts();
    expect(facts).not.toHaveProperty('deviceId');
    expect(facts).not.toHaveProperty('isMicrophoneMuted');
  });

  it('changes with the broadcast, and with the word of its user', () => {
    const changed = vi.fn();
    phone.remote.on('changed', changed);
    phone.broadcast.setMuted(true);
    phone.remote.isControlAllowed = false;
    expect(changed).toHaveBeenCalledTimes(2);
    expect(phone.remote.isControlAllowed).toBe(false);
    phone.remote.close();
    phone.remote.close();
    expect(phone.changed.size).toBe(0);
  });
});

describe('a command', () => {
  it('shows messages and lets the phone be found', async () => {
    expect(await phone.remote.execute({ kind: 'message', text: 'Closer' })).toEqual(DONE);
    expect(await phone.remote.execute({ kind: 'clear-message' })).toEqual(DONE);
    expect(await phone.remote.execute({ kind: 'locate' })).toEqual(DONE);
    expect(phone.display.showMessage).toHaveBeenCalledExactlyOnceWith('Closer');
    expect(phone.display.clearMessage).toHaveBeenCalledOnce();
    expect(phone.display.locate).toHaveBeenCalledOnce();
    expect(phone.display.showControlled).not.toHaveBeenCalled();
  });

  it.each([
    [{ kind: 'switch-camera' }, undefined],
    [
      { kind: 'switch-camera', facing: 'user' },
      { kind: 'facing', facing: 'user' },
    ],
    [
      { kind: 'switch-camera', deviceId: 'front' },
      { kind: 'device', deviceId: 'front' },
    ],
  ] as const)('%o switches to %o, and that is shown', async (command, choice) => {
    phone.broadcast.switchCamera.mockImplementation(() => {
      phone.camera.facing = 'user';
      return Promise.resolve({ outcome: 'switched' });
    });
    expect(await phone.remote.execute(command)).toEqual(DONE);
    expect(phone.broadcast.switchCamera).toHaveBeenCalledExactlyOnceWith(choice);
    expect(phone.display.showControlled).toHaveBeenCalledOnce();
  });

  it.each([
    [undefined, 'not-supported'],
    [{ outcome: 'kept', error: 'busy' }, 'failed'],
    [{ outcome: 'lost', error: 'busy' }, 'failed'],
  ] as const)('whose switch came to %o is answered with %s', async (outcome, reason) => {
    phone.broadcast.switchCamera.mockResolvedValue(outcome);
    expect(await phone.remote.execute({ kind: 'switch-camera' })).toMatchObject({
      error: { reason },
    });
  });

  it('for a camera that is not there says so', async () => {
    const gone = { kind: 'switch-camera', deviceId: 'gone' } as const;
    expect(await phone.remote.execute(gone)).toMatchObject({ error: { reason: 'not-supported' } });
    expect(phone.broadcast.switchCamera).not.toHaveBeenCalled();
    const user = { kind: 'switch-camera', facing: 'user' } as const;
    expect(await phone.remote.execute(user)).toMatchObject({ error: { reason: 'not-supported' } });
  });

  it('for a camera goes to the one in use', async () => {
    const apply = vi.spyOn(FakeTrack.prototype, 'applyConstraints');
    expect(await phone.remote.execute({ kind: 'capture', width: 640 })).toEqual(DONE);
    const next = new FakeTrack('video', 'Front', { deviceId: 'front' });
    phone.camera.video = next;
    expect(await phone.remote.execute({ kind: 'capture', width: 640 })).toEqual(DONE);
    expect(apply.mock.contexts.at(-1)).toBe(next);
    apply.mockRestore();
    expect(await phone.remote.execute({ kind: 'torch', isOn: true })).toMatchObject({
      error: { reason: 'not-supported' },
    });
    phone.camera.video = undefined;
    expect(await phone.remote.execute({ kind: 'torch', isOn: true })).toMatchObject({
      error: { reason: 'failed' },
    });
  });
});

describe('the microphone', () => {
  const mute = { kind: 'microphone', isMuted: true } as const;
  const unmute = { kind: 'microphone', isMuted: false } as const;

  it('is turned off from afar, and on again', async () => {
    expect(await phone.remote.execute(mute)).toEqual(DONE);
    expect(phone.broadcast.obeyMute).toHaveBeenCalledOnce();
    expect(await phone.remote.execute(unmute)).toEqual(DONE);
    expect(phone.camera.isMuted).toBe(false);
  });

  it('that its user turned off is never turned on from afar', async () => {
    phone.broadcast.setMuted(true);
    expect(await phone.remote.execute(unmute)).toMatchObject({
      error: { reason: 'refused-by-phone' },
    });
    phone.broadcast.setMuted(false);
    await phone.remote.execute(mute);
    // Its user spoke, and then chose silence.
    phone.broadcast.setMuted(false);
    phone.broadcast.setMuted(true);
    expect(await phone.remote.execute(unmute)).toMatchObject({
      error: { reason: 'refused-by-phone' },
    });
  });

  it('that is not there cannot be turned off', async () => {
    phone.camera.audio = undefined;
    expect(await phone.remote.execute(mute)).toMatchObject({ error: { reason: 'not-supported' } });
  });
});

describe('what the phone shows', () => {
  it('is told when the stream goes on the air and leaves it', () => {
    const { broadcast, display, changed } = phone;
    expect(display.setOnAir).toHaveBeenLastCalledWith(false);
    for (const liveSinceMs of [5, undefined]) {
      broadcast.state.liveSinceMs = liveSinceMs;
      for (const listener of changed) listener();
      expect(display.setOnAir).toHaveBeenLastCalledWith(liveSinceMs !== undefined);
    }
  });
});
