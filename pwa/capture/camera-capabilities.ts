/**
 * What a camera can be told, read from its track. Much of it is not in the typings: Media Capture
 * and Streams knows sizes and rates, Image Capture adds torch, zoom, focus and exposure, and each
 * browser has some of it. What is absent cannot be controlled.
 */
import type { CameraFacts } from '../../signal/protocol/control-reports';

/** A range as browsers give it. */
interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

/** W3C Image Capture, `MediaTrackCapabilities`. */
interface ImageCapabilities extends MediaTrackCapabilities {
  readonly torch?: boolean;
  readonly zoom?: Range;
  readonly focusMode?: readonly string[];
  readonly focusDistance?: Range;
  readonly exposureMode?: readonly string[];
  readonly exposureCompensation?: Range;
}

/** W3C Image Capture, `MediaTrackSettings`; the same names are constraints. */
export interface ImageSettings {
  readonly torch?: boolean;
  readonly zoom?: number;
  readonly focusMode?: string;
  readonly focusDistance?: number;
  readonly exposureMode?: string;
  readonly exposureCompensation?: number;
}

/** The part of a track that is read. */
export type CapableTrack = Pick<MediaStreamTrack, 'getCapabilities' | 'getSettings'>;

/** What there is to control of one camera, and how it stands. */
export type CameraControls = Omit<
  CameraFacts,
  'isControlAllowed' | 'cameras' | 'deviceId' | 'facing' | 'isMicrophoneMuted'
>;

/** Modes listed for one setting; browsers know four. */
const MAX_MODES = 8;

/** Reads what a camera offers and how it is set. */
export function readCameraControls(track: CapableTrack): CameraControls {
  const capabilities = capabilitiesOf(track);
  const settings: ImageSettings & MediaTrackSettings = track.getSettings();
  const { width, height, frameRate } = settings;
  const maxima = {
    maxWidth: capabilities.width?.max,
    maxHeight: capabilities.height?.max,
    maxFrameRate: capabilities.frameRate?.max,
  };
  const zoom = rangeOf(capabilities.zoom, settings.zoom);
  const focus = modesOf(capabilities.focusMode, settings.focusMode);
  const distance = rangeOf(capabilities.focusDistance, settings.focusDistance);
  const exposure = modesOf(capabilities.exposureMode, settings.exposureMode);
  const compensation = rangeOf(capabilities.exposureCompensation, settings.exposureCompensation);
  return {
    ...known({ width, height, frameRate, ...maxima }),
    ...(capabilities.torch === true ? { isTorchOn: settings.torch === true } : {}),
    ...(zoom === undefined ? {} : { zoom }),
    ...(focus === undefined
      ? {}
      : { focus: { ...focus, ...(distance === undefined ? {} : { distance }) } }),
    ...(exposure === undefined
      ? {}
      : { exposure: { ...exposure, ...(compensation === undefined ? {} : { compensation }) } }),
  };
}

/** Empty in Firefox before 132, which cannot tell. */
function capabilitiesOf(track: CapableTrack): ImageCapabilities {
  return 'getCapabilities' in track ? track.getCapabilities() : {};
}

/** A range in which there is something to choose. */
function rangeOf(range: Range | undefined, value: number | undefined): CameraFacts['zoom'] {
  const { min, max, step } = range ?? {};
  if (!isFinite(min) || !isFinite(max) || min >= max) return undefined;
  return {
    min,
    max,
    ...(isFinite(step) && step > 0 ? { step } : {}),
    ...(isFinite(value) ? { value } : {}),
  };
}

function modesOf(
  modes: readonly string[] | undefined,
  mode: string | undefined,
): { modes: string[]; mode?: string } | undefined {
  if (modes === undefined || modes.length === 0) return undefined;
  return { modes: modes.slice(0, MAX_MODES), ...(mode === undefined ? {} : { mode }) };
}

function isFinite(value: number | undefined): value is number {
  return Number.isFinite(value);
}

/** Without the figures that are not given. */
function known<K extends string>(
  figures: Record<K, number | undefined>,
): Partial<Record<K, number>>;
function known(figures: Record<string, number | undefined>): object {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => isFinite(value)));
}
