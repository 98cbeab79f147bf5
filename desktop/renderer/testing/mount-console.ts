/** Mounts parts of the console over fakes. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { vi, type Mock } from 'vitest';
import { h, type Component } from 'vue';
import type { UseServerResult } from '../../bridge/contract';
import type { Command } from '../../../signal/protocol/room-messages';
import type { ServerSwitch } from '../host/host';
import { AlertEngine } from '../health/alert-engine';
import { defaultAlertSettings } from '../health/alert-settings';
import { followHealth, useHealthStore } from '../health/health-store';
import {
  controlRoomKey,
  hostKey,
  monitorKey,
  phoneControlsKey,
  registryKey,
  sensesKey,
  viewportsKey,
} from '../injection';
import type { CommandResult } from '../moderation/room-control';
import { observeStreams } from '../observe-streams';
import type { PhoneControls } from '../quality/phone-controls';
import { useRoomStore, type RoomStore } from '../room/room-store';
import { useServerStore, type ServerStore } from '../server/server-store';
import type { StreamMonitor } from '../statistics/stream-monitor';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore } from '../streams/wall-store';
import { FakePoller, FakeStreamSource, streamIdOf } from './fake-streams';

/** A mounted part, and everything a test moves it by. */
export interface MountedConsole {
  readonly wrapper: VueWrapper;
  readonly server: ServerStore;
  readonly room: RoomStore;
  readonly registry: StreamRegistry;
  readonly monitor: StreamMonitor;
  readonly source: FakeStreamSource;
  readonly poller: FakePoller;
  /** Speaks to nobody until the test attaches a source. */
  readonly controls: PhoneControls;
  readonly retry: Mock<() => Promise<UseServerResult>>;
  readonly useKey: Mock<(input: string) => Promise<UseServerResult>>;
  /** Answers `done` unless the test says otherwise. */
  readonly command: Mock<(command: Command) => Promise<CommandResult>>;
  close(): void;
}

/** Mounts a component as the console does, with its props and a server switch if there is one. */
export function mountConsole(
  component: Component,
  options: {
    readonly props?: Record<string, unknown>;
    readonly serverSwitch?: ServerSwitch;
    /** Runs before the component is made. */
    readonly prepare?: (parts: Pick<MountedConsole, 'server' | 'room' | 'source'>) => void;
  } = {},
): MountedConsole {
  const pinia = createPinia();
  setActivePinia(pinia);
  const poller = new FakePoller();
  const source = new FakeStreamSource();
  const registry = new StreamRegistry({ wall: useWallStore(), poller });
  const alerts = new AlertEngine(defaultAlertSettings);
  const { senses, controls, viewports, monitor } = observeStreams(registry, alerts);
  const stopFollowing = followHealth(monitor, useHealthStore());
  const server = useServerStore();
  const room = useRoomStore();
  registry.attach(source);
  options.prepare?.({ server, room, source });
  const retry = vi.fn((): Promise<UseServerResult> => Promise.resolve({ ok: true }));
  const useKey = vi.fn((): Promise<UseServerResult> => Promise.resolve({ ok: true }));
  const command = vi.fn((): Promise<CommandResult> =>
    Promise.resolve({ ok: true, key: undefined }),
  );
  const wrapper = mount(() => h(component, options.props), {
    attachTo: document.body,
    global: {
      plugins: [pinia],
      provide: {
        [registryKey as symbol]: registry,
        [monitorKey as symbol]: monitor,
        [sensesKey as symbol]: senses,
        [viewportsKey as symbol]: viewports,
        [phoneControlsKey as symbol]: controls,
        [controlRoomKey as symbol]: { retry, useKey, command },
        [hostKey as symbol]: { serverSwitch: options.serverSwitch },
      },
    },
  });
  return {
    wrapper,
    server,
    room,
    registry,
    monitor,
    source,
    poller,
    controls,
    retry,
    useKey,
    command,
    close() {
      wrapper.unmount();
      stopFollowing();
      senses.close();
      viewports.close();
      controls.close();
      registry.close();
      monitor.close();
    },
  };
}

/** A server that is connected, with the addresses phones join at. */
export function goLive(server: ServerStore, urls = ['http://192.168.1.42:8443/stream']): void {
  server.hostState = { state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:8443' };
  server.signaling = 'connected';
  server.hasConnected = true;
  server.role = 'operator';
  server.clientId = streamIdOf(900);
  server.joinAddresses = urls.map((url) => ({ url, network: 'lan', cameraAllowed: false }));
}
