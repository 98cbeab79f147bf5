/** What is asked of `getUserMedia`, as pure functions. */

/** Which way a camera looks, from the person who holds the phone. */
export type Facing = 'user' | 'environment';

/** Which camera is wanted: any that looks one way, or exactly this one. */
export type CameraChoice =
  | { readonly kind: 'facing'; readonly facing: Facing }
  | { readonly kind: 'device'; readonly deviceId: string };

/** The pictures a phone means to send: every phone since about 2013 takes and encodes them. */
export const PICTURE = { width: 1280, height: 720, framerate: 30 } as const;

/**
 * Wishes only, so that no camera is refused for what it cannot do. A picked device is exact: the
 * person asked for that one, and whoever asks for it has a camera to fall back on. A phone held
 * upright delivers 720 × 1280 for the same wish.
 */
export function videoConstraints(choice: CameraChoice): MediaTrackConstraints {
  return {
    width: { ideal: PICTURE.width },
    height: { ideal: PICTURE.height },
    frameRate: { ideal: PICTURE.framerate },
    ...(choice.kind === 'facing'
      ? { facingMode: { ideal: choice.facing } }
      : { deviceId: { exact: choice.deviceId } }),
  };
}

/** Speech at arm's length in a room with loudspeakers: every repair the browser knows. */
export const AUDIO_CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: { ideal: true },
  noiseSuppression: { ideal: true },
  autoGainControl: { ideal: true },
};

/**
 * Which way a track's camera looks. Computers, and a few Android browsers, leave `facingMode`
 * out; phones then still say it in the camera's label ("camera2 1, facing front").
 */
export function facingOf(
  settings: Pick<MediaTrackSettings, 'facingMode'>,
  label: string,
): Facing | undefined {
  if (settings.facingMode === 'user' || settings.facingMode === 'environment') {
    return settings.facingMode;
  }
  if (/\b(?:front|user)\b/iu.test(label)) return 'user';
  if (/\b(?:back|rear|environment)\b/iu.test(label)) return 'environment';
  return undefined;
}

/**
 * The camera that "switch" leads to: the other side of a phone, or the next of a computer's list.
 * @returns undefined when there is no other.
 */
export function otherCamera(
  current: { readonly facing: Facing | undefined; readonly deviceId: string | undefined },
  deviceIds: readonly string[],
): CameraChoice | undefined {
  if (deviceIds.length < 2) return undefined;
  if (current.facing !== undefined) {
    return { kind: 'facing', facing: current.facing === 'user' ? 'environment' : 'user' };
  }
  return nextDevice(current.deviceId, deviceIds);
}

/** The device after this one, round and round; undefined when there is no other. */
export function nextDevice(
  currentId: string | undefined,
  deviceIds: readonly string[],
): CameraChoice | undefined {
  const next = deviceIds[(deviceIds.indexOf(currentId ?? '') + 1) % deviceIds.length];
  return next === undefined || next === currentId ? undefined : { kind: 'device', deviceId: next };
}
