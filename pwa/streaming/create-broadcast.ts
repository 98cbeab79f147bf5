import { bindWakeEvents } from '../../signal/client/wake-events';
import { storedIdentity } from '../../signal/client/identity';
import { signalingOriginOf } from '../../signal/client/origin';
import { SignalingClient } from '../../signal/client/signaling-client';
import { decodeStreamerMessage } from '../../signal/protocol/codec';
import { Publisher } from '../../signal/rtc/publisher';
import { hasWebRtc } from '../../signal/rtc/support';
import { choosePreferredCodec } from '../../signal/rtc/video-codec';
import { Camera, permissionQuery } from '../capture/camera';
import { captureObstacle } from '../capture/capture-error';
import { detectDevice, readDeviceFacts } from '../capture/device';
import { InterruptionWatch } from '../capture/interruption-watch';
import { ScreenWakeLock } from '../capture/wake-lock';
import { Broadcast } from './broadcast';
import { BroadcastMemory, IDENTITY_KEY } from './broadcast-memory';
import type { BroadcastParts } from './broadcast-parts';
import { openStorage } from './page-storage';
import { VIDEO_SHAPE } from './send-settings';

/** Puts a broadcast together from what this page's browser offers, and opens it. */
export function createBroadcast(): Broadcast {
  const tab = openStorage(() => window.sessionStorage);
  const signaling = new SignalingClient({
    origin: signalingOriginOf(window.location),
    identity: storedIdentity(tab, IDENTITY_KEY),
    clientType: 'streamer',
    decode: decodeStreamerMessage,
  });
  const obstacle = captureObstacle(window) ?? (hasWebRtc() ? undefined : 'no-webrtc');
  const broadcast = new Broadcast({
    signaling,
    camera:
      obstacle === undefined
        ? new Camera({
            mediaDevices: navigator.mediaDevices,
            queryPermission: permissionQuery(optional(navigator, 'permissions')),
          })
        : undefined,
    createPublisher: (options) => new Publisher(options),
    createWatch: (options) => new InterruptionWatch({ ...options, page: document, view: window }),
    wakeLock: new ScreenWakeLock(optional(navigator, 'wakeLock'), document),
    memory: new BroadcastMemory(
      tab,
      openStorage(() => window.localStorage),
    ),
    device: detectDevice(readDeviceFacts(navigator)),
    preferredCodec: choosePreferredCodec(optional(navigator, 'mediaCapabilities'), VIDEO_SHAPE),
    obstacle,
    now: () => Date.now(),
  } satisfies BroadcastParts);
  // Lives as long as the page, and so does the client it wakes.
  bindWakeEvents(signaling);
  broadcast.open();
  return broadcast;
}

/** A part of `navigator` that the typings promise and older browsers lack. */
function optional<K extends 'permissions' | 'wakeLock' | 'mediaCapabilities'>(
  source: Navigator,
  name: K,
): Navigator[K] | undefined {
  return name in source ? source[name] : undefined;
}
