import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refusal } from '../testing/fake-media';
import { setUpBroadcast } from '../testing/broadcast-setup';

/** Lets promises settle without letting a timer of interest run. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('going live', () => {
  it('connects at load, before anybody taps Start', () => {
    const { broadcast, server, devices } = setUpBroadcast();
    broadcast.open();
    expect(server.status).toBe('connecting');
    server.accept();
    expect(broadcast.state).toMatchObject({ phase: 'idle', serverName: 'Studio' });
    expect(devices.asked).toEqual([]);
    expect(server.sent).toEqual([]);
  });

  it('is live once the server confirms the stream', async () => {
    const { broadcast, server, wakeLock } = setUpBroadcast();
    broadcast.open();
    server.accept();
    const phases: string[] = [];
    broadcast.on('changed', ({ phase }) => phases.push(phase));
    await broadcast.start();
    await settle();
    expect([...new Set(phases)]).toEqual(['connecting', 'live']);
    expect(server.stream).toMatchObject({
      label: 'iPhone camera',
      device: { kind: 'phone' },
      capture: { state: 'active', hasAudio: true, microphoneMuted: false, facing: 'environment' },
    });
    expect(broadcast.state.liveSinceMs).toBe(1_000_000);
    expect(wakeLock.hold).toHaveBeenCalledOnce();
  });

  it('opens the camera while the server is still looked for, and joins when it is found', async () => {
    const { broadcast, server } = setUpBroadcast();
    broadcast.open();
    await broadcast.start();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'connecting', canSwitchCamera: true });
    server.accept();
    await settle();
    expect(broadcast.state.phase).toBe('live');
  });

  it('starts once, however often Start is tapped', async () => {
    const { broadcast, server, devices } = setUpBroadcast();
    broadcast.open();
    server.accept();
    await Promise.all([broadcast.start(), broadcast.start()]);
    await settle();
    expect(devices.asked).toHaveLength(1);
  });

  it('gives the camera back when Stop comes before the camera does', async () => {
    const { broadcast, server, devices } = setUpBroadcast();
    broadcast.open();
    server.accept();
    const starting = broadcast.start();
    broadcast.stop();
    await starting;
    await settle();
    expect(broadcast.state.phase).toBe('idle');
    expect(devices.liveTracks).toEqual([]);
    expect(server.stream).toBeUndefined();
  });

  it('goes on without sound and says so', async () => {
    const { broadcast, server, devices } = setUpBroadcast();
    devices.hasMicrophone = false;
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', notice: 'microphone-absent' });
    expect(server.stream?.capture.hasAudio).toBe(false);
    broadcast.dismissNotice();
    expect(broadcast.state.notice).toBeUndefined();
  });
});

describe('a camera that is known to be allowed', () => {
  const setUpSlow = () => {
    const setUp = setUpBroadcast();
    setUp.permissions.camera = 'granted';
    let give = (): void => undefined;
    setUp.devices.held = new Promise((done) => (give = done));
    setUp.broadcast.open();
    setUp.server.accept();
    return { ...setUp, give };
  };

  it('connects those who watch while it opens, and is live when it is open', async () => {
    const { broadcast, server, replaceTrack, give } = setUpSlow();
    const starting = broadcast.start();
    await settle();
    expect(server.sentOf('publish')).toHaveLength(1);
    server.count(1);
    expect(broadcast.state).toMatchObject({ phase: 'connecting', liveSinceMs: undefined });
    give();
    await starting;
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', liveSinceMs: 1_000_000 });
    expect(replaceTrack).toHaveBeenCalledWith('video', broadcast.state.video);
    expect(server.stream?.capture).toMatchObject({ hasAudio: true, facing: 'environment' });
    expect(server.sentOf('publish')).toHaveLength(1);
  });

  it('shows what became of it where a connection does not take its track', async () => {
    const { broadcast, server, replaceTrack, give } = setUpSlow();
    const starting = broadcast.start();
    await settle();
    server.count(1);
    replaceTrack.mockRejectedValueOnce(new DOMException('Refused', 'InvalidModificationError'));
    give();
    await expect(starting).rejects.toThrow('Refused');
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', video: expect.anything() as unknown });
  });

  it('leaves the wall where it does not open after all', async () => {
    const { broadcast, server, devices, give } = setUpSlow();
    devices.refuse = () => refusal('NotReadableError');
    const starting = broadcast.start();
    await settle();
    give();
    await starting;
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'busy' } });
    expect(server.stream).toBeUndefined();
  });

  it('leaves the wall and gives the camera back when Stop comes first', async () => {
    const { broadcast, server, devices, give } = setUpSlow();
    const starting = broadcast.start();
    await settle();
    broadcast.stop();
    give();
    await starting;
    await settle();
    expect(broadcast.state.phase).toBe('idle');
    expect(server.stream).toBeUndefined();
    expect(devices.liveTracks).toEqual([]);
  });
});

it('puts nothing on the wall before a person has allowed the camera', async () => {
  const { broadcast, server, devices, permissions } = setUpBroadcast();
  permissions.camera = 'prompt';
  devices.held = new Promise(() => undefined);
  broadcast.open();
  server.accept();
  void broadcast.start();
  await settle();
  expect(broadcast.state.phase).toBe('connecting');
  expect(server.sent).toEqual([]);
});
