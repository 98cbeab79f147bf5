import { bindWakeEvents } from '../../signal/client/wake-events';
import { storedIdentity } from '../../signal/client/identity';
import { signalingOriginOf } from '../../signal/client/origin';
import { SignalingClient } from '../../signal/client/signaling-client';
import { decodeStreamerMessage } from '../../signal/protocol/codec';
import { Publisher } from '../../signal/rtc/publisher';
import { hasWebRtc } from '../../signal/rtc/support';
import { choosePreferredCodec } from '../../signal/rtc/video-codec';
import { AccessMemory } from '../access/access-memory';
import { takeKeys } from '../access/link-key';
import { Camera, permissionQuery } from '../capture/camera';
import { captureObstacle } from '../capture/capture-error';
import { detectDevice, readDeviceFacts } from '../capture/device';
import { ScreenWakeLock } from '../capture/wake-lock';
import { Broadcast } from './broadcast';
import { BroadcastMemory, IDENTITY_KEY } from './broadcast-memory';
import type { BroadcastParts, BroadcastSignaling } from './broadcast-parts';
import type { LobbyPictures } from './lobby-pictures';
import { openStorage } from './page-storage';
import { VIDEO_SHAPE } from './send-settings';

/** Puts a broadcast together from what this page's browser offers, and opens it. */
export function createBroadcast(): Broadcast {
  const tab = openStorage(() => window.sessionStorage);
  const local = openStorage(() => window.localStorage);
  const access = new AccessMemory(local);
  const device = detectDevice(readDeviceFacts(navigator));
  const signaling = new SignalingClient({
    origin: signalingOriginOf(window.location),
    identity: storedIdentity(tab, IDENTITY_KEY),
    clientType: 'streamer',
    decode: decodeStreamerMessage,
    credentials: { key: access.key, deviceKey: access.deviceKey, device },
  });
  const obstacle = captureObstacle(window) ?? (hasWebRtc() ? undefined : 'no-webrtc');
  const camera =
    obstacle === undefined
      ? new Camera({
          mediaDevices: navigator.mediaDevices,
          queryPermission: permissionQuery(optional(navigator, 'permissions')),
        })
      : undefined;
  const broadcast: Broadcast = new Broadcast({
    signaling,
    camera,
    createPublisher: (options) => new Publisher(options),
    // Loaded apart: nothing interrupts a camera that is not live yet.
    createWatch: async (options) => {
      const { InterruptionWatch } = await loadWatch();
      return new InterruptionWatch({ ...options, page: document, view: window });
    },
    wakeLock: new ScreenWakeLock(optional(navigator, 'wakeLock'), document),
    memory: new BroadcastMemory(tab, local),
    access,
    sendStills: () => sendStills(signaling),
    loadControl: () => loadControl(broadcast, camera),
    device,
    preferredCodec: choosePreferredCodec(optional(navigator, 'mediaCapabilities'), VIDEO_SHAPE),
    obstacle,
    now: () => Date.now(),
  } satisfies BroadcastParts);
  // Both live as long as the page, and so does what they call.
  bindWakeEvents(signaling);
  takeKeys(window, (key) => broadcast.useKey(key));
  broadcast.open();
  // Fetched once nothing else is, so that it is there when the server is not.
  window.addEventListener('load', () => void loadWatch().catch(() => undefined));
  return broadcast;
}

/** Loaded when somebody watches. Where it cannot be, the phone is not controlled. */
const loadControl = (broadcast: Broadcast, camera: Camera | undefined) =>
  import('../control/start-control').then(
    ({ startControl }) => startControl(broadcast, camera),
    () => undefined,
  );

const loadWatch = () => import('../capture/interruption-watch');

/** Loaded when it is needed: few rooms have a lobby. */
function sendStills(signaling: BroadcastSignaling): () => void {
  let pictures: LobbyPictures | undefined;
  let isStopped = false;
  import('./lobby-pictures').then(
    ({ LobbyPictures: Pictures, stillsOf }) => {
      if (isStopped) return;
      const takeStill = stillsOf(() => document.querySelector('video'));
      pictures = new Pictures({ signaling, takeStill });
    },
    () => {
      // The server has just gone: the phone then waits without a picture.
    },
  );
  return () => {
    isStopped = true;
    pictures?.close();
  };
}

/** A part of `navigator` that the typings promise and older browsers lack. */
function optional<K extends 'permissions' | 'wakeLock' | 'mediaCapabilities'>(
  source: Navigator,
  name: K,
): Navigator[K] | undefined {
  return name in source ? source[name] : undefined;
}
