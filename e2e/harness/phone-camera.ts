/**
 * The camera of a phone on a machine that has none. Chromium's own fake cameras have modes of focus
 * and exposure, but no torch, zoom or brightness, and they look no way: the page is given tracks that
 * offer these and take what is set, of two cameras of which one looks forward and stands upright.
 * Pictures, sizes, rates and all of WebRTC stay Chromium's own.
 */
import type { PhonePage } from './phone-page';

/** What becomes of a setting: it is taken, skipped without a word, or taken late. */
export type CameraMood = 'willing' | 'stubborn' | 'slow';

/** How long a slow camera takes for a setting, in milliseconds: longer than an answer may. */
const SLOW_MS = 3_000;

declare global {
  interface Window {
    sightlineCameraMood?: CameraMood;
  }
}

/** Gives a phone page such cameras; it must have two built-in ones, none of them open yet. */
export async function installPhoneCamera(phone: PhonePage): Promise<void> {
  await phone.page.evaluate(pretendPhoneCameras, SLOW_MS);
}

/** Changes what becomes of the settings to come. */
export async function setCameraMood(phone: PhonePage, mood: CameraMood): Promise<void> {
  await phone.page.evaluate((wanted) => (window.sightlineCameraMood = wanted), mood);
}

/** How the open camera is set. */
export async function cameraSettings(phone: PhonePage): Promise<Record<string, unknown>> {
  return phone.page.getByTestId('preview').evaluate((video) => {
    const stream = (video as HTMLVideoElement).srcObject as MediaStream | null;
    return { ...stream?.getVideoTracks()[0]?.getSettings() };
  });
}

/** Runs inside the page, so it uses nothing but its argument. */
function pretendPhoneCameras(slowMs: number): void {
  const offers = {
    torch: true,
    zoom: { min: 1, max: 5, step: 0.5 },
    focusMode: ['continuous', 'single-shot', 'manual'],
    focusDistance: { min: 0.1, max: 4, step: 0.1 },
    exposureMode: ['continuous', 'manual'],
    exposureCompensation: { min: -2, max: 2, step: 0.5 },
  };
  const untouched = {
    torch: false,
    zoom: 1,
    focusMode: 'continuous',
    focusDistance: 1,
    exposureMode: 'continuous',
    exposureCompensation: 0,
  };
  const sides = ['environment', 'user'] as const;
  const labels = ['camera2 0, facing back', 'camera2 1, facing front'];
  const ids: string[] = [];
  const set = new WeakMap<MediaStreamTrack, object>();
  window.sightlineCameraMood = 'willing';

  const proto = MediaStreamTrack.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the tracks they belong to
  const { getCapabilities, getSettings, applyConstraints } = proto;
  proto.getCapabilities = function (this: MediaStreamTrack) {
    const own = getCapabilities.call(this);
    return this.kind === 'video' ? { ...own, ...offers } : own;
  };
  proto.getSettings = function (this: MediaStreamTrack) {
    const own = getSettings.call(this);
    if (this.kind !== 'video') return own;
    const facingMode = sides[ids.indexOf(own.deviceId ?? '')];
    return {
      ...own,
      ...(facingMode === undefined ? {} : { facingMode }),
      ...untouched,
      ...set.get(this),
    };
  };
  proto.applyConstraints = async function (this: MediaStreamTrack, constraints = {}) {
    const { advanced = [], ...basic } = constraints;
    const image = Object.assign({}, ...advanced) as object;
    const isImage = Object.keys(image).length > 0;
    if (window.sightlineCameraMood === 'slow') {
      await new Promise((resolve) => setTimeout(resolve, slowMs));
    }
    // As Chrome does it: settings of the image are asked for alone, and replace the ones before.
    if (isImage && Object.keys(basic).length > 0) {
      throw new DOMException('Mixing constraints is not supported', 'OverconstrainedError');
    }
    if (!isImage) await applyConstraints.call(this, basic);
    if (window.sightlineCameraMood !== 'stubborn') set.set(this, image);
  };

  const { mediaDevices } = navigator;
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () => {
    const devices = await list();
    const cameras = devices.filter(({ kind }) => kind === 'videoinput');
    ids.splice(0, ids.length, ...cameras.map(({ deviceId }) => deviceId));
    return devices.map((device) => {
      const label = labels[cameras.indexOf(device)] ?? device.label;
      const { deviceId, groupId, kind } = device;
      return { deviceId, groupId, kind, label, toJSON: () => ({ deviceId, label }) };
    });
  };
  mediaDevices.getUserMedia = async ({ audio = false, video = false } = {}) => {
    if (typeof video !== 'object') return open({ audio, video });
    await mediaDevices.enumerateDevices();
    const { facingMode, deviceId, ...shape } = video;
    const wish = facingMode as ConstrainDOMStringParameters | undefined;
    const exact = (deviceId as ConstrainDOMStringParameters | undefined)?.exact;
    const place = exact === undefined ? sides.findIndex((side) => side === wish?.ideal) : -1;
    const id = exact ?? ids[Math.max(place, 0)] ?? '';
    // The camera at the front stands upright.
    const upright = { width: { ideal: 480 }, height: { ideal: 640 } };
    const isFront = ids.indexOf(String(id)) === 1;
    return open({
      audio,
      video: { ...shape, ...(isFront ? upright : {}), deviceId: { exact: id } },
    });
  };
}
