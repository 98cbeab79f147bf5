/**
 * What the control room may do with this phone: the commands of operators, carried out on the
 * broadcast, and the word of the phone's own user, who may refuse all of it.
 */
import { createNanoEvents } from 'nanoevents';
import type { CameraCommand } from '../../signal/protocol/control';
import type { CameraFacts, PhoneFacts } from '../../signal/protocol/control-reports';
import { MAX_CAMERAS } from '../../signal/protocol/control-limits';
import { fail, ok, type Result } from '../../signal/protocol/result';
import type { CommandFailure, ControlPort } from '../../signal/rtc/control/control-port';
import type { Camera, SwitchOutcome } from '../capture/camera';
import { CameraControl } from '../capture/camera-control';
import { facingOf, type CameraChoice } from '../capture/constraints';
import type { Broadcast } from '../streaming/broadcast';
import type { BroadcastState } from '../streaming/broadcast-state';

/** Longest name of a camera that is told, in UTF-16 units. */
const MAX_NAME = 80;

/** What a command shows to whoever holds the phone. */
export interface ControlDisplay {
  showMessage(text: string): void;
  clearMessage(): void;
  locate(): void;
  /** An operator changed something. */
  showControlled(): void;
  /** The stream is sent, or not any more: then nothing of all this is true any longer. */
  setOnAir(isOnAir: boolean): void;
}

export interface RemoteControlOptions {
  readonly broadcast: Pick<Broadcast, 'switchCamera' | 'setMuted' | 'obeyMute'> & {
    readonly state: Pick<BroadcastState, 'liveSinceMs'>;
    on(event: 'changed', listener: () => void): () => void;
  };
  readonly camera: Pick<Camera, 'video' | 'audio' | 'isMuted' | 'facing' | 'devices'>;
  readonly phoneFacts: () => PhoneFacts;
  readonly display: ControlDisplay;
  readonly isControlAllowed: boolean;
}

type SwitchCommand = Extract<CameraCommand, { readonly kind: 'switch-camera' }>;

type Outcome = Result<void, CommandFailure>;

const DONE: Outcome = ok(undefined);

/** See the head of this file. */
export class RemoteControl implements ControlPort {
  readonly #options: RemoteControlOptions;
  readonly #events = createNanoEvents<{ changed: () => void }>();
  readonly #stopListening: () => void;
  #isControlAllowed: boolean;
  /** Of the track in use. */
  #control: { readonly track: MediaStreamTrack; readonly of: CameraControl } | undefined;
  /** The control room turned the microphone off, and so may turn it on. */
  #mutedFromAfar = false;

  constructor(options: RemoteControlOptions) {
    this.#options = options;
    this.#isControlAllowed = options.isControlAllowed;
    const tellDisplay = (): void => {
      options.display.setOnAir(options.broadcast.state.liveSinceMs !== undefined);
    };
    this.#stopListening = options.broadcast.on('changed', () => {
      if (!options.camera.isMuted) this.#mutedFromAfar = false;
      tellDisplay();
      this.#events.emit('changed');
    });
    tellDisplay();
  }

  get isControlAllowed(): boolean {
    return this.#isControlAllowed;
  }

  set isControlAllowed(isAllowed: boolean) {
    this.#isControlAllowed = isAllowed;
    this.#events.emit('changed');
  }

  on(event: 'changed', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }

  cameraFacts(): Omit<CameraFacts, 'isControlAllowed'> {
    const { camera } = this.#options;
    const deviceId = camera.video?.getSettings().deviceId;
    return {
      cameras: camera.devices
        .filter((device) => device.deviceId !== '')
        .slice(0, MAX_CAMERAS)
        .map((device) => {
          const facing = facingOf({}, device.label);
          return {
            deviceId: device.deviceId,
            label: device.label.slice(0, MAX_NAME),
            ...(facing === undefined ? {} : { facing }),
          };
        }),
      ...(deviceId === undefined || deviceId === '' ? {} : { deviceId }),
      ...(camera.facing === undefined ? {} : { facing: camera.facing }),
      ...this.#cameraControl()?.controls,
      ...(camera.audio === undefined ? {} : { isMicrophoneMuted: camera.isMuted }),
    };
  }

  phoneFacts(): PhoneFacts {
    return this.#options.phoneFacts();
  }

  async execute(command: CameraCommand): Promise<Outcome> {
    const { display } = this.#options;
    switch (command.kind) {
      case 'message':
        display.showMessage(command.text);
        return DONE;
      case 'clear-message':
        display.clearMessage();
        return DONE;
      case 'locate':
        display.locate();
        return DONE;
      case 'microphone':
        return this.#setMicrophone(command.isMuted);
      case 'switch-camera':
        return this.#switchCamera(command);
      case 'torch':
      case 'zoom':
      case 'focus':
      case 'exposure':
      case 'capture': {
        const control = this.#cameraControl();
        if (control === undefined) return fail({ reason: 'failed', sentence: NO_CAMERA });
        display.showControlled();
        return control.set(command);
      }
    }
  }

  /** Stops listening. Idempotent. */
  close(): void {
    this.#stopListening();
  }

  async #switchCamera(command: SwitchCommand): Promise<Outcome> {
    const { broadcast, camera, display } = this.#options;
    const { deviceId, facing } = command;
    const isThere = camera.devices.some((device) => device.deviceId === deviceId);
    if (deviceId !== undefined && !isThere) {
      return fail({ reason: 'not-supported', sentence: 'This phone has no such camera.' });
    }
    display.showControlled();
    const outcome = outcomeOfSwitch(await broadcast.switchCamera(choiceOf(command)));
    // A phone without such a camera gives another one.
    const isOther = facing !== undefined && camera.facing !== undefined && camera.facing !== facing;
    if (!outcome.ok || deviceId !== undefined || !isOther) return outcome;
    return fail({ reason: 'not-supported', sentence: 'No camera of this phone looks that way.' });
  }

  /** Nobody's microphone is turned on from afar that its user turned off. */
  #setMicrophone(isMuted: boolean): Outcome {
    const { broadcast, camera } = this.#options;
    if (camera.audio === undefined) {
      return fail({ reason: 'not-supported', sentence: 'This phone sends no sound.' });
    }
    if (camera.isMuted === isMuted) return DONE;
    if (!isMuted && !this.#mutedFromAfar) {
      const sentence = 'Only the person at the phone can turn this microphone on.';
      return fail({ reason: 'refused-by-phone', sentence });
    }
    if (isMuted) broadcast.obeyMute();
    else broadcast.setMuted(false);
    this.#mutedFromAfar = isMuted;
    return DONE;
  }

  #cameraControl(): CameraControl | undefined {
    const track = this.#options.camera.video;
    if (track === undefined) return undefined;
    if (this.#control?.track !== track) this.#control = { track, of: new CameraControl(track) };
    return this.#control.of;
  }
}

const NO_CAMERA = 'The phone has no camera open now.';

function choiceOf({ deviceId, facing }: SwitchCommand): CameraChoice | undefined {
  if (deviceId !== undefined) return { kind: 'device', deviceId };
  return facing === undefined ? undefined : { kind: 'facing', facing };
}

function outcomeOfSwitch(switched: SwitchOutcome | undefined): Outcome {
  switch (switched?.outcome) {
    case undefined:
      return fail({
        reason: 'not-supported',
        sentence: 'There is no other camera to switch to now.',
      });
    case 'switched':
      return DONE;
    case 'kept':
      return fail({
        reason: 'failed',
        sentence: 'The other camera did not start. The one before goes on.',
      });
    case 'lost':
      return fail({ reason: 'failed', sentence: 'No camera starts any more.' });
  }
}
