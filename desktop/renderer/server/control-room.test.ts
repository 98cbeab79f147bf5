import { createNanoEvents } from 'nanoevents';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalingStatus } from '../../../signal/client/connection-machine';
import type { JoinAddress, ServerMessage, Welcome } from '../../../signal/protocol/messages';
import type { ServerState, UseServerResult } from '../../bridge/contract';
import type { Host } from '../host/host';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore } from '../streams/wall-store';
import { FakePoller, FakeStreamSource, streamInfo } from '../testing/fake-streams';
import { ControlRoom, type ServerLink } from './control-room';
import { useServerStore, type ServerStore } from './server-store';

class FakeLink implements ServerLink {
  readonly streams = new FakeStreamSource();
  readonly events = createNanoEvents<{
    statusChanged: (status: SignalingStatus) => void;
    welcomed: (welcome: Welcome) => void;
    message: (message: ServerMessage) => void;
    keyRenewed: (key: string) => void;
    roundTripMeasured: (milliseconds: number) => void;
  }>();
  readonly connect = vi.fn(() => this.setStatus('connecting'));
  readonly close = vi.fn();
  readonly signaling: ServerLink['signaling'];

  constructor(readonly origin: string) {
    this.signaling = {
      status: 'idle',
      failure: undefined,
      connect: this.connect,
      on: (event, listener) => this.events.on(event, listener),
    };
  }

  setStatus(status: SignalingStatus): void {
    Object.assign(this.signaling, {
      status,
      failure: status === 'failed' ? { code: 4002, sentence: 'Reload this page.' } : undefined,
    });
    this.events.emit('statusChanged', status);
  }

  welcome(): void {
    this.setStatus('connected');
    const joinAddresses: Welcome['joinAddresses'] = [
      { url: 'http://192.168.1.2:8443/stream', network: 'lan', cameraAllowed: false },
      { url: 'http://localhost:8443/stream', network: 'this-machine', cameraAllowed: true },
    ];
    this.events.emit('welcomed', { serverName: 'Studio', joinAddresses } as unknown as Welcome);
  }
}

let server: ServerStore;
let links: FakeLink[];
let tell: (state: ServerState) => void;
let room: ControlRoom;
let switchAnswer: UseServerResult;
let asked: string[];

beforeEach(() => {
  setActivePinia(createPinia());
  server = useServerStore();
  links = [];
  asked = [];
  switchAnswer = { ok: true };
  const answer = (what: string): Promise<UseServerResult> => {
    asked.push(what);
    return Promise.resolve(switchAnswer);
  };
  const host: Host = {
    watchServer(listener) {
      tell = listener;
      return () => undefined;
    },
    serverSwitch: {
      getRemoteAddress: () => Promise.resolve('studio.local'),
      useEmbeddedServer: () => answer('embedded'),
      useRemoteServer: (address) => answer(address),
      trustRemoteServer: ({ address }) => answer(address),
      useFoundServer: (id) => answer(id),
      watchFoundServers: () => () => undefined,
    },
  };
  room = new ControlRoom({
    host,
    server,
    registry: new StreamRegistry({ wall: useWallStore(), poller: new FakePoller() }),
    openLink(origin) {
      const link = new FakeLink(origin);
      links.push(link);
      return link;
    },
  });
  room.open();
});

const ready = (origin: string): ServerState => ({ state: 'ready', kind: 'embedded', origin });

describe('ControlRoom', () => {
  it('waits for the server, then connects and shows where to join', () => {
    expect(server.status).toBe('idle');
    tell({ state: 'starting', kind: 'embedded' });
    expect(server.status).toBe('connecting');
    expect(links).toHaveLength(0);
    tell(ready('ws://127.0.0.1:1'));
    expect(links[0]?.connect).toHaveBeenCalledOnce();
    links[0]!.welcome();
    expect(server.status).toBe('live');
    expect(server.joinAddress?.url).toBe('http://192.168.1.2:8443/stream');
  });

  it('keeps the picked address while it exists', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    server.pickedUrl = 'http://localhost:8443/stream';
    expect(server.joinAddress?.url).toBe('http://localhost:8443/stream');
    server.joinAddresses = server.joinAddresses.slice(0, 1);
    expect(server.joinAddress?.url).toBe('http://192.168.1.2:8443/stream');
  });

  it('follows the machine to other addresses, and back to the picked one', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    const [wifi, local] = server.joinAddresses;
    const cable = { ...wifi!, url: 'http://10.0.0.7:8443/stream' };
    const move = (...joinAddresses: JoinAddress[]): void =>
      links[0]!.events.emit('message', { type: 'join-addresses', joinAddresses });
    move(cable, local!);
    expect(server.joinAddress).toEqual(cable);
    server.pickedUrl = local!.url;
    move(wifi!, cable, local!);
    expect(server.joinAddress).toEqual(local);
    move(wifi!, cable);
    expect(server.joinAddress).toEqual(wifi);
    move(wifi!, local!);
    expect(server.joinAddress).toEqual(local);
    move();
    expect(server.joinAddress).toBeUndefined();
  });

  it('keeps link, pictures and addresses when the server restarts at the same place', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    links[0]!.streams.put(streamInfo(1));
    links[0]!.setStatus('reconnecting');
    tell({ state: 'starting', kind: 'embedded' });
    tell(ready('ws://127.0.0.1:1'));
    expect(links).toHaveLength(1);
    expect(links[0]!.close).not.toHaveBeenCalled();
    expect(server.status).toBe('reconnecting');
    expect(server.joinAddress).toBeDefined();
    expect(useWallStore().order).toHaveLength(1);
  });

  it('moves to another server, and empties the wall of the one before', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    links[0]!.streams.put(streamInfo(1));
    tell(ready('ws://studio.local:1'));
    expect(links[0]!.close).toHaveBeenCalledOnce();
    expect(useWallStore().order).toEqual([]);
    expect(server.joinAddress).toBeUndefined();
    links[1]!.streams.put(streamInfo(2));
    expect(useWallStore().order).toHaveLength(1);
  });

  it('shows why signaling failed, and tries again when asked', async () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.setStatus('failed');
    expect(server.status).toBe('failed');
    expect(server.failureSentence).toBe('Reload this page.');
    await room.retry();
    expect(links[0]!.connect).toHaveBeenCalledTimes(2);
    expect(server.failureSentence).toBeUndefined();
  });

  it('shows why the server failed, and asks the host for the same kind again', async () => {
    tell({ state: 'failed', kind: 'embedded', message: 'The port is taken.' });
    expect(server.status).toBe('failed');
    expect(server.failureSentence).toBe('The port is taken.');
    await room.retry();
    tell({ state: 'failed', kind: 'remote', message: 'Nobody answers.' });
    switchAnswer = { ok: false, message: 'Still nobody.' };
    await expect(room.retry()).resolves.toEqual({ ok: false, message: 'Still nobody.' });
    expect(asked).toEqual(['embedded', 'studio.local']);
  });

  it('stays live when the host fails with another server meanwhile', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    tell({ state: 'failed', kind: 'remote', message: 'Nobody answers.' });
    expect(server.status).toBe('live');
  });

  it('closes what it opened, once, and may be opened again', () => {
    tell(ready('ws://127.0.0.1:1'));
    room.close();
    room.close();
    expect(links[0]!.close).toHaveBeenCalledOnce();
    expect(server.status).toBe('connecting');
    room.open();
    tell(ready('ws://127.0.0.1:1'));
    expect(links).toHaveLength(2);
  });
});
