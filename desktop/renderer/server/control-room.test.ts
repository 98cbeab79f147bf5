import { createNanoEvents } from 'nanoevents';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalingFailure, SignalingStatus } from '../../../signal/client/connection-machine';
import type { JoinAddress, ViewerMessage } from '../../../signal/protocol/messages';
import { idOf } from '../../../signal/testing/sample-messages';
import type { KeptKey, ServerState, UseServerResult } from '../../bridge/contract';
import type { Host } from '../host/host';
import { useRoomStore } from '../room/room-store';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore } from '../streams/wall-store';
import { FakeLink } from '../testing/fake-link';
import { FakePoller, streamInfo } from '../testing/fake-streams';
import { words } from '../wording';
import { ControlRoom, type ControlRoomOptions } from './control-room';
import type { TrialSignaling } from './key-trial';
import { useServerStore, type ServerStore } from './server-store';

/** Signaling by which a key is tried, beside the link. */
class FakeTrial {
  readonly #events = createNanoEvents<{ statusChanged: (status: SignalingStatus) => void }>();
  failure: SignalingFailure | undefined;
  setback: SignalingFailure | undefined;
  readonly connect = vi.fn(() => this.#events.emit('statusChanged', 'connecting'));
  readonly close = vi.fn(() => this.#events.emit('statusChanged', 'closed'));

  constructor(
    readonly origin: string,
    readonly key: string,
  ) {}

  readonly on = ((event: 'statusChanged', listener: (status: SignalingStatus) => void) =>
    this.#events.on(event, listener)) as TrialSignaling['on'];

  answer(status: SignalingStatus, trouble: Partial<Pick<FakeTrial, 'failure' | 'setback'>> = {}) {
    Object.assign(this, trouble);
    this.#events.emit('statusChanged', status);
  }
}

let server: ServerStore;
let links: FakeLink[];
let trials: FakeTrial[];
let tell: (state: ServerState) => void;
let room: ControlRoom;
let options: ControlRoomOptions;
let switchAnswer: UseServerResult;
let asked: string[];
let kept: KeptKey[];

beforeEach(() => {
  setActivePinia(createPinia());
  server = useServerStore();
  links = [];
  trials = [];
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
  options = {
    host,
    server,
    room: useRoomStore(),
    registry: new StreamRegistry({ wall: useWallStore(), poller: new FakePoller() }),
    openLink(origin, key) {
      const link = new FakeLink(origin, key);
      links.push(link);
      return link;
    },
    openTrial(origin, key) {
      const trial = new FakeTrial(origin, key);
      trials.push(trial);
      return trial;
    },
  };
  room = new ControlRoom(options);
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

  it('takes over a link that was opened ahead, with all that it heard', () => {
    const ahead = new FakeLink('ws://127.0.0.1:1', 'key-of-the-desk');
    ahead.signaling.connect();
    ahead.welcome({ role: 'operator' });
    ahead.streams.put(streamInfo(1));
    const cable: JoinAddress = {
      url: 'http://10.0.0.7:8443/stream',
      network: 'lan',
      cameraAllowed: false,
    };
    const heard: ViewerMessage[] = [{ type: 'join-addresses', joinAddresses: [cable] }];
    room.close();
    room = new ControlRoom({
      ...options,
      openLink: () => Object.assign(ahead, { heard }),
    });
    room.open();
    tell(ready(ahead.origin));
    expect(ahead.connect).toHaveBeenCalledOnce();
    expect(server).toMatchObject({ status: 'live', isOperator: true, serverName: 'Studio' });
    expect(server.joinAddress).toEqual(cable);
    expect(useWallStore().order).toEqual([streamInfo(1).streamId]);
    expect(kept).toEqual([{ origin: ahead.origin, key: 'key-of-the-desk' }]);
  });

  it('shows why a link that was opened ahead was refused', () => {
    const ahead = new FakeLink('ws://127.0.0.1:1', undefined);
    ahead.signaling.connect();
    ahead.setStatus('failed', { failure: { code: 4008, sentence: 'A key is needed.' } });
    room.close();
    room = new ControlRoom({ ...options, openLink: () => ahead });
    room.open();
    tell(ready(ahead.origin));
    expect(server.status).toBe('failed');
    expect(server.failureSentence).toBe('A key is needed.');
    expect(ahead.connect).toHaveBeenCalledOnce();
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

  it('keeps the key of the host only once the server has taken it', () => {
    tell({ ...ready('ws://127.0.0.1:1'), key: 'first-key-first-key' } as ServerState);
    expect(kept).toEqual([]);
    links[0]!.welcome();
    expect(kept).toEqual([{ origin: 'ws://127.0.0.1:1', key: 'first-key-first-key' }]);
  });

  it.each([
    ['ws://studio.local:8443', 'https://studio.local:8443'],
    ['ws://studio.local', 'https://studio.local:443'],
  ])('goes by TLS to the server at %s where a link asks for it', async (origin, to) => {
    tell(ready(origin));
    links[0]!.setStatus('failed', { failure: { code: 4010, sentence: 'A key, please.' } });
    const link = `${to}/live-streams#key=second-key-second-key`;
    await room.useKey(link);
    expect(asked).toEqual([link]);
    expect(links[0]!.signaling.credentials.key).toBeUndefined();
  });

  it('stays by TLS where the link has none, or names the usual port', async () => {
    tell(ready('wss://studio.local'));
    for (const [index, to] of ['http://studio.local', 'https://studio.local:443'].entries()) {
      links[0]!.setStatus('failed', { failure: { code: 4010, sentence: 'A key, please.' } });
      const key = `second-key-second-key-${index}`;
      expect(await room.useKey(`${to}/live-streams#key=${key}`)).toEqual({ ok: true });
      expect(links[0]!.signaling.credentials.key).toBe(key);
    }
    expect(asked).toEqual([]);
  });

  it('sends the key of a link by TLS not in the clear where it can only stay', async () => {
    const plain = new ControlRoom({
      ...options,
      host: { ...options.host, serverSwitch: undefined },
    });
    plain.open();
    tell(ready('ws://studio.local:8443'));
    const link = links.at(-1)!;
    link.setStatus('failed', { failure: { code: 4010, sentence: 'A key, please.' } });
    for (const to of ['studio.local:8443', 'studio.example']) {
      const refused = await plain.useKey(`https://${to}/live-streams#key=second-key-second-key`);
      expect(refused).toEqual({ ok: false, message: words.room.access.plainServer });
    }
    expect(link.signaling.credentials.key).toBeUndefined();
    expect(await plain.useKey('second-key-second-key')).toEqual({ ok: true });
    expect(link.signaling.credentials.key).toBe('second-key-second-key');
    plain.close();
  });

  describe('given another key while it is connected', () => {
    const NEW: ServerState = {
      state: 'ready',
      kind: 'remote',
      origin: 'wss://studio.local',
      key: 'operator-key-operator',
    };

    beforeEach(() => {
      tell({ ...NEW, key: 'viewer-key-viewer-key' });
      links[0]!.welcome({ role: 'viewer' });
      links[0]!.streams.put(streamInfo(1));
      kept.length = 0;
      tell(NEW);
    });

    it('comes in anew by it once the server has taken it', () => {
      expect(trials).toMatchObject([{ origin: NEW.origin, key: NEW.key }]);
      expect(links[0]!.close).not.toHaveBeenCalled();
      expect(useWallStore().order).toHaveLength(1);
      trials[0]!.answer('connected');
      expect(trials[0]!.close).toHaveBeenCalledOnce();
      expect(links[0]!.close).toHaveBeenCalledOnce();
      expect(links[1]).toMatchObject({ origin: NEW.origin, key: NEW.key });
      links[1]!.welcome({ role: 'operator' });
      links[1]!.streams.put(streamInfo(1));
      expect(server.isOperator).toBe(true);
      expect(useWallStore().order).toHaveLength(1);
      expect(kept).toEqual([{ origin: NEW.origin, key: NEW.key }]);
    });

    it.each([
      ['failed', { failure: { code: 4011, sentence: 'Not valid any more.' } }],
      ['connecting', { setback: { code: 4005, sentence: 'Not valid any more.' } }],
    ] as const)('says why it is not taken (%s), and stays in by the old one', (status, trouble) => {
      trials[0]!.answer(status, trouble);
      expect(trials[0]!.close).toHaveBeenCalledOnce();
      expect(server.keyRefusal).toBe('Not valid any more. You are still in as before.');
      expect(server.status).toBe('live');
      expect(useWallStore().order).toHaveLength(1);
      expect(links).toHaveLength(1);
      expect(links[0]!.signaling.credentials.key).toBe('viewer-key-viewer-key');
      // What the host was given is worth nothing; after a reload the old one has to do.
      expect(kept).toEqual([{ origin: NEW.origin, key: 'viewer-key-viewer-key' }]);
      // The same again is an answer again.
      tell(NEW);
      expect(trials).toHaveLength(2);
      expect(server.keyRefusal).toBeUndefined();
    });

    it('tries the latest one alone, and none once it is closed', () => {
      tell(NEW);
      expect(trials).toHaveLength(1);
      tell({ ...NEW, key: 'latest-key-latest-key' });
      expect(trials.map(({ close }) => close.mock.calls.length)).toEqual([1, 0]);
      room.close();
      expect(trials[1]!.close).toHaveBeenCalledOnce();
      expect(links).toHaveLength(1);
    });
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
