/**
 * Sets the camera that is open: torch, zoom, focus, exposure, size and rate. Every wish is answered:
 * done, or why not. `applyConstraints` replaces what was asked before, so that everything asked of
 * one track is kept here; and Chrome refuses to mix the settings of Image Capture with sizes, so
 * that each kind is asked for by itself.
 */
import type { CameraCommand } from '../../signal/protocol/control';
import { fail, ok, type Result } from '../../signal/protocol/result';
import {
  readCameraControls,
  type CameraControls,
  type CapableTrack,
  type ImageSettings,
} from './camera-capabilities';

/** Commands that concern the open camera alone. */
export type CameraSettingCommand = Extract<
  CameraCommand,
  { readonly kind: 'torch' | 'zoom' | 'focus' | 'exposure' | 'capture' }
>;

/** Why a camera was not set. */
export interface CameraSettingFailure {
  readonly reason: 'not-supported' | 'failed';
  /** One plain sentence for the desk. */
  readonly sentence: string;
}

/** The part of a track that is set. */
export type ControllableTrack = CapableTrack &
  Pick<MediaStreamTrack, 'applyConstraints' | 'getConstraints'>;

type Outcome = Result<void, CameraSettingFailure>;

/** See the head of this file. One for each track; there is nothing to close. */
export class CameraControl {
  readonly #track: ControllableTrack;
  /** What was asked for so far and taken. */
  #image: ImageSettings = {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(track: ControllableTrack) {
    this.#track = track;
  }

  /** What there is to set, and how it stands. */
  get controls(): CameraControls {
    return readCameraControls(this.#track);
  }

  /** Sets one thing; wishes are carried out one after the other. Never rejects. */
  set(command: CameraSettingCommand): Promise<Outcome> {
    const outcome = this.#last.then(() => this.#set(command));
    this.#last = outcome;
    return outcome;
  }

  #set(command: CameraSettingCommand): Promise<Outcome> | Outcome {
    const { isTorchOn, zoom, focus, exposure } = this.controls;
    switch (command.kind) {
      case 'torch':
        return isTorchOn === undefined
          ? notSupported('This camera has no torch.')
          : this.#setImage({ torch: command.isOn });
      case 'zoom':
        return zoom === undefined
          ? notSupported('This camera cannot zoom.')
          : this.#setImage({ zoom: within(zoom, command.value) });
      case 'focus': {
        const { mode, distance } = command;
        if (focus?.modes.includes(mode) !== true) {
          return notSupported(`This camera has no focus mode "${mode}".`);
        }
        if (distance === undefined) return this.#setImage({ focusMode: mode }, ['focusDistance']);
        if (focus.distance === undefined) return notSupported('This camera cannot set its focus.');
        return this.#setImage({ focusMode: mode, focusDistance: within(focus.distance, distance) });
      }
      case 'exposure': {
        const { mode, compensation } = command;
        if (exposure?.modes.includes(mode) !== true) {
          return notSupported(`This camera has no exposure mode "${mode}".`);
        }
        if (compensation === undefined) return this.#setImage({ exposureMode: mode });
        if (exposure.compensation === undefined) {
          return notSupported('This camera cannot be made brighter or darker.');
        }
        return this.#setImage({
          exposureMode: mode,
          exposureCompensation: within(exposure.compensation, compensation),
        });
      }
      case 'capture':
        return this.#setCapture(command);
    }
  }

  async #setImage(
    wanted: ImageSettings,
    dropped: readonly (keyof ImageSettings)[] = [],
  ): Promise<Outcome> {
    const kept = Object.entries(this.#image).filter(([name]) => !dropped.some((d) => d === name));
    const image: ImageSettings = { ...Object.fromEntries(kept), ...wanted };
    const before = this.#track.getSettings();
    // Typed as what the typings know, which Image Capture adds to.
    const advanced: (MediaTrackConstraintSet & ImageSettings)[] = [image];
    const error = await this.#apply({ advanced });
    if (error !== undefined) return error;
    const after = this.#track.getSettings();
    if (after.width !== before.width || after.height !== before.height) {
      // This browser forgot the size that was asked for before: it is asked for both.
      const again = await this.#apply({
        ...this.#track.getConstraints(),
        ...sizeOf(before),
        advanced,
      });
      if (again !== undefined) return again;
    }
    if (!isTaken(wanted, this.#track.getSettings())) {
      return failed('The camera did not take the setting.');
    }
    this.#image = image;
    return ok(undefined);
  }

  async #setCapture({
    width,
    height,
    frameRate,
  }: Extract<CameraSettingCommand, { readonly kind: 'capture' }>): Promise<Outcome> {
    const constraints = this.#track.getConstraints();
    delete constraints.advanced;
    const error = await this.#apply({
      ...constraints,
      ...sizeOf(this.#track.getSettings()),
      ...(width === undefined ? {} : { width: { ideal: width } }),
      ...(height === undefined ? {} : { height: { ideal: height } }),
      ...(frameRate === undefined ? {} : { frameRate: { ideal: frameRate } }),
    });
    if (error !== undefined) return error;
    // A camera that starts anew may have let go of these.
    return Object.keys(this.#image).length === 0 ? ok(undefined) : this.#setImage(this.#image);
  }

  async #apply(constraints: MediaTrackConstraints): Promise<Outcome | undefined> {
    try {
      await this.#track.applyConstraints(constraints);
      return undefined;
    } catch (error) {
      // In browsers before 2023 it is no Error.
      const isTooMuch =
        typeof error === 'object' &&
        error !== null &&
        'name' in error &&
        error.name === 'OverconstrainedError';
      if (isTooMuch) return notSupported('The camera cannot do this.');
      return failed(error instanceof Error ? error.message : 'The camera could not be set.');
    }
  }
}

/** The size and rate of now, as a wish. */
function sizeOf({ width, height, frameRate }: MediaTrackSettings): MediaTrackConstraints {
  return {
    ...(width === undefined ? {} : { width: { ideal: width } }),
    ...(height === undefined ? {} : { height: { ideal: height } }),
    ...(frameRate === undefined ? {} : { frameRate: { ideal: frameRate } }),
  };
}

/** Browsers skip an advanced wish silently; settings that a browser does not tell are believed. */
function isTaken(wanted: ImageSettings, settings: ImageSettings): boolean {
  const isSame = (name: keyof ImageSettings): boolean => {
    const want = wanted[name];
    const is = settings[name];
    if (want === undefined || is === undefined) return true;
    if (typeof want !== 'number' || typeof is !== 'number') return want === is;
    // Cameras know steps only.
    return Math.abs(want - is) <= Math.max(0.1 * Math.abs(want), 0.5);
  };
  return (
    isSame('torch') &&
    isSame('zoom') &&
    isSame('focusMode') &&
    isSame('focusDistance') &&
    isSame('exposureMode') &&
    isSame('exposureCompensation')
  );
}

/** The nearest value that a range has. */
function within(
  { min, max, step }: { readonly min: number; readonly max: number; readonly step?: number },
  value: number,
): number {
  const stepped = step === undefined ? value : min + Math.round((value - min) / step) * step;
  return Math.min(Math.max(stepped, min), max);
}

function notSupported(sentence: string): Outcome {
  return fail({ reason: 'not-supported', sentence });
}

function failed(sentence: string): Outcome {
  return fail({ reason: 'failed', sentence });
}
