import { createNanoEvents } from 'nanoevents';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalingFailure, SignalingStatus } from '../../../signal/client/connection-machine';
import type { JoinAddress, ViewerMessage, Welcome } from '../../../signal/protocol/messages';
import { idOf, welcomeOf } from '../../../signal/testing/sample-messages';
import type { KeptKey, ServerState, UseServerResult } from '../../bridge/contract';
import type { Host } from '../host/host';
import { useRoomStore } from '../room/room-store';
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
    message: (message: ViewerMessage) => void;
    keyRenewed: (key: string) => void;
    roundTripMeasured: (milliseconds: number) => void;
  }>();
  readonly connect = vi.fn(() => this.setStatus('connecting'));
  readonly close = vi.fn();
  readonly signaling: ServerLink['signaling'];
  readonly send = vi.fn<ServerLink['signaling']['send']>(() => true);

  constructor(
    readonly origin: string,
    readonly key: string | undefined,
  ) {
    this.signaling = {
      status: 'idle',
      failure: undefined,
      setback: undefined,
      credentials: { key },
      send: this.send,
      connect: this.connect,
      on: (event, listener) => this.events.on(event, listener),
    };
  }

  setStatus(
    status: SignalingStatus,
    trouble: { failure?: SignalingFailure; setback?: SignalingFailure } = {},
  ): void {
    const failure =
      status === 'failed'
        ? (trouble.failure ?? { code: 4002, sentence: 'Reload this page.' })
        : undefined;
    Object.assign(this.signaling, { status, failure, setback: trouble.setback });
    this.events.emit('statusChanged', status);
  }

  welcome(facts: Partial<Welcome> = {}): void {
    this.setStatus('connected');
    const joinAddresses: Welcome['joinAddresses'] = [
      { url: 'http://192.168.1.2:8443/stream', network: 'lan', cameraAllowed: false },
      { url: 'http://localhost:8443/stream', network: 'this-machine', cameraAllowed: true },
    ];
    this.events.emit('welcomed', welcomeOf({ serverName: 'Studio', joinAddresses, ...facts }));
  }
}

let server: ServerStore;
let links: FakeLink[];
let tell: (state: ServerState) => void;
let room: ControlRoom;
let switchAnswer: UseServerResult;
let asked: string[];
let kept: KeptKey[];

beforeEach(() => {
  setActivePinia(createPinia());
  server = useServerStore();
  links = [];
  asked = [];
  kept = [];
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
    keepKey: (key) => kept.push(key),
    watchWindow: () => () => undefined,
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
    room: useRoomStore(),
    registry: new StreamRegistry({ wall: useWallStore(), poller: new FakePoller() }),
    openLink(origin, key) {
      const link = new FakeLink(origin, key);
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

  it('shows the host’s key, tries the one a person gives, and keeps only what was taken', async () => {
    tell({ ...ready('ws://127.0.0.1:1'), key: 'first-key-first-key' } as ServerState);
    const link = links[0]!;
    expect(link.key).toBe('first-key-first-key');
    link.setStatus('failed', { failure: { code: 4011, sentence: 'Not valid any more.' } });
    expect(server.keyQuestion?.sentence).toBe('Not valid any more.');
    expect(await room.useKey('no key in this')).toMatchObject({ ok: false });
    expect(link.connect).toHaveBeenCalledTimes(1);
    await room.useKey('http://127.0.0.1:1/live-streams#key=second-key-second-key');
    expect(link.signaling.credentials.key).toBe('second-key-second-key');
    expect(link.connect).toHaveBeenCalledTimes(2);
    expect(kept).toEqual([]);
    expect(server.keyQuestion).toBeDefined();
    link.welcome();
    expect(server.keyQuestion).toBeUndefined();
    expect(kept).toEqual([{ origin: 'ws://127.0.0.1:1', key: 'second-key-second-key' }]);
    link.events.emit('keyRenewed', 'third-key-third-key-3');
    expect(kept.at(-1)?.key).toBe('third-key-third-key-3');
    expect(asked).toEqual([]);
  });

  it('follows a link to another server, where the host can', async () => {
    tell(ready('ws://127.0.0.1:1'));
    const elsewhere = 'https://studio.local:8443/live-streams#key=second-key-second-key';
    await room.useKey(elsewhere);
    expect(asked).toEqual([elsewhere]);
  });

  it('takes a newer key of the host for the same server', () => {
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.setStatus('failed', { failure: { code: 4010, sentence: 'A key, please.' } });
    tell({ ...ready('ws://127.0.0.1:1'), key: 'newer-key-newer-key' } as ServerState);
    expect(links).toHaveLength(1);
    expect(links[0]!.signaling.credentials.key).toBe('newer-key-newer-key');
    expect(links[0]!.connect).toHaveBeenCalledTimes(2);
  });

  it('says why the server asks for patience, and what it lets us do', () => {
    tell(ready('ws://127.0.0.1:1'));
    const setback = { code: 4014, sentence: 'The room is locked.' };
    links[0]!.setStatus('connecting', { setback });
    expect(server.setback).toEqual(setback);
    links[0]!.welcome({ role: 'viewer' });
    expect(server.setback).toBeUndefined();
    expect([server.role, server.isOperator, server.mayInvite]).toEqual(['viewer', false, false]);
  });

  it('empties the wall of whoever is sent away, and fills it again on the way back', () => {
    tell(ready('ws://127.0.0.1:1'));
    const link = links[0]!;
    link.welcome();
    link.streams.put(streamInfo(1));
    link.setStatus('failed', { failure: { code: 4011, sentence: 'Another key, please.' } });
    expect(useWallStore().order).toHaveLength(1);
    link.setStatus('failed', { failure: { code: 4013, sentence: 'You were removed.' } });
    expect(useWallStore().order).toEqual([]);
    link.welcome();
    expect(useWallStore().order).toHaveLength(1);
    room.close();
    expect(link.streams.listenerCount).toBe(0);
  });

  it('knows the room and its people, and forgets them with the server', () => {
    tell(ready('ws://127.0.0.1:1'));
    const { events } = links[0]!;
    links[0]!.welcome();
    const waiting = {
      clientId: idOf(5),
      label: 'Guest',
      device: { kind: 'phone' },
      address: '10.0.0.9',
      waitingSince: 0,
    } as const;
    events.emit('message', {
      type: 'people',
      waiting: [waiting],
      waitingCount: 1,
      watchers: [],
      watcherCount: 0,
    });
    for (const clientId of [idOf(5), idOf(6)]) {
      events.emit('message', { type: 'waiting-picture', clientId, picture: '/9j/AAAA' });
    }
    const store = useRoomStore();
    expect([...store.pictures]).toEqual([[idOf(5), 'data:image/jpeg;base64,/9j/AAAA']]);
    tell(ready('ws://studio.local:1'));
    expect(store.waiting).toEqual([]);
    expect(store.pictures.size).toBe(0);
  });

  it('sends commands to the server in use, and settles them when it is left', async () => {
    const stop = { kind: 'stop', streamId: idOf(1) } as const;
    expect(await room.command(stop)).toMatchObject({ ok: false });
    tell(ready('ws://127.0.0.1:1'));
    links[0]!.welcome();
    const result = room.command(stop);
    expect(links[0]!.send).toHaveBeenCalledWith(expect.objectContaining({ command: stop }));
    room.close();
    expect(await result).toMatchObject({ ok: false });
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
