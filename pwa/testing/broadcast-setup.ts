import { vi } from 'vitest';
import { Publisher } from '../../signal/rtc/publisher';
import { AccessMemory } from '../access/access-memory';
import { Camera, type PermissionQuery } from '../capture/camera';
import { InterruptionWatch } from '../capture/interruption-watch';
import { Broadcast } from '../streaming/broadcast';
import { BroadcastMemory } from '../streaming/broadcast-memory';
import type { BroadcastParts } from '../streaming/broadcast-parts';
import { openStorage } from '../streaming/page-storage';
import { FakeMediaDevices } from './fake-media';
import { FakePage } from './fake-page';
import { FakeServer } from './fake-server';

/** Storage that outlives a broadcast, as a browser's outlives a reload. */
export interface Storages {
  readonly tab: Storage;
  readonly device: Storage;
}

export function freshStorages(): Storages {
  return { tab: memoryStorage(), device: memoryStorage() };
}

/** A broadcast on fakes: real publisher, camera and watch; no browser, no network. */
export function setUpBroadcast(
  storages: Storages = freshStorages(),
  parts: Partial<BroadcastParts> = {},
) {
  const server = new FakeServer();
  const devices = new FakeMediaDevices();
  const page = new FakePage();
  const wakeLock = { hold: vi.fn(), release: vi.fn() };
  const replaceTrack = vi.spyOn(Publisher.prototype, 'replaceTrack');
  const permissions: Partial<Record<'camera' | 'microphone', PermissionState>> = {};
  const queryPermission: PermissionQuery = (name) => Promise.resolve(permissions[name]);
  const memory = new BroadcastMemory(storages.tab, storages.device);
  const access = new AccessMemory(storages.device);
  const stopStills = vi.fn();
  const sendStills = vi.fn(() => stopStills);
  const broadcast = new Broadcast({
    signaling: server,
    camera: new Camera({ mediaDevices: devices, queryPermission }),
    createPublisher: (options) => new Publisher(options),
    createWatch: (options) =>
      Promise.resolve(new InterruptionWatch({ ...options, page, view: new EventTarget() })),
    wakeLock,
    memory,
    access,
    sendStills,
    loadControl: () => Promise.resolve(undefined),
    device: { kind: 'phone', platform: 'iOS', browser: 'Safari' },
    preferredCodec: Promise.resolve('video/H264'),
    obstacle: undefined,
    now: () => Date.now(),
    ...parts,
  });
  return {
    broadcast,
    server,
    devices,
    page,
    wakeLock,
    memory,
    access,
    sendStills,
    stopStills,
    permissions,
    replaceTrack,
  };
}

function memoryStorage(): Storage {
  return openStorage(() => {
    throw new DOMException('', 'SecurityError');
  });
}
