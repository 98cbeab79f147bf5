import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../../signal/protocol/close-codes';
import { refusal } from '../testing/fake-media';
import { freshStorages, setUpBroadcast } from '../testing/broadcast-setup';

/** Lets promises settle without letting a timer of interest run. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function setUpLive(...args: Parameters<typeof setUpBroadcast>) {
  const setUp = setUpBroadcast(...args);
  setUp.broadcast.open();
  setUp.server.accept();
  await setUp.broadcast.start();
  await settle();
  return setUp;
}

describe('stopping', () => {
  it('takes the stream off the wall, stops the tracks, lets the screen sleep', async () => {
    const { broadcast, server, devices, wakeLock } = await setUpLive();
    broadcast.stop();
    expect(server.sent.at(-1)?.type).toBe('unpublish');
    expect(devices.liveTracks).toEqual([]);
    expect(wakeLock.release).toHaveBeenCalled();
    expect(broadcast.state).toMatchObject({ phase: 'idle', liveSinceMs: undefined });
  });

  it('leaves nothing open when closed, twice as well as once', async () => {
    const { broadcast, server, devices } = await setUpLive();
    broadcast.close();
    broadcast.close();
    expect(devices.liveTracks).toEqual([]);
    expect(server.status).toBe('closed');
    expect(server.listenerCount).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what a person has to change', () => {
  it('says that the page is insecure before anybody taps, and does not connect', () => {
    const { broadcast, server } = setUpBroadcast(undefined, {
      obstacle: 'insecure',
      camera: undefined,
    });
    broadcast.open();
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'insecure' } });
    expect(server.status).toBe('idle');
  });

  it('says why the camera did not open, and tries again', async () => {
    const { broadcast, server, devices, permissions } = setUpBroadcast();
    permissions.camera = 'prompt';
    devices.refuse = () => refusal('NotAllowedError');
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'dismissed' } });
    devices.refuse = () => undefined;
    await broadcast.retry();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', problem: undefined });
  });

  it('passes on what the server says of a stream it refuses', async () => {
    const { broadcast, server, devices } = setUpBroadcast();
    server.refuseWith = 'already-publishing';
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    expect(broadcast.state.problem).toEqual({
      code: 'stream-refused',
      sentence: 'There are too many streams.',
    });
    expect(devices.liveTracks).toEqual([]);
  });

  it('keeps the camera where the wall has no place for it, and is live as soon as it has', async () => {
    const { broadcast, server, devices, memory } = setUpBroadcast();
    server.refuseWith = 'too-many-streams';
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'server-busy' } });
    expect(devices.liveTracks).toHaveLength(2);
    expect(memory.liveAt(Date.now())).toBeDefined();
    await broadcast.retry();
    await settle();
    expect(broadcast.state.phase).toBe('failed');
    expect(server.sentOf('publish')).toHaveLength(2);
    server.refuseWith = undefined;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(broadcast.state).toMatchObject({ phase: 'live', problem: undefined });
    expect(devices.asked).toHaveLength(1);
  });

  it('goes on for those who watch where a phone that returns finds no place', async () => {
    const { broadcast, server } = await setUpLive();
    server.drop();
    server.refuseWith = 'too-many-streams';
    server.accept();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'reconnecting', problem: undefined });
    server.refuseWith = undefined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(broadcast.state.phase).toBe('live');
  });

  it('takes another stream id when its own is somebody else’s', async () => {
    const { broadcast, server, memory } = setUpBroadcast();
    const taken = memory.streamId;
    server.refuseWith = 'stream-id-taken';
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    server.refuseWith = undefined;
    await broadcast.retry();
    await settle();
    expect(server.stream?.streamId).not.toBe(taken);
    expect(broadcast.state.phase).toBe('live');
  });

  it.each([
    [CLOSE.superseded, 'continued-elsewhere'],
    [CLOSE.idInUse, 'continued-elsewhere'],
    [CLOSE.unsupportedVersion, 'server-closed'],
  ])('ends at a final close, gives the camera back and stays failed: %j', async (close, code) => {
    const { broadcast, server, devices } = await setUpLive();
    server.fail({ code: close.code, sentence: 'Closed.' });
    expect(broadcast.state).toMatchObject({
      phase: 'failed',
      problem: { code, closeCode: close.code },
    });
    expect(devices.liveTracks).toEqual([]);
    broadcast.stop();
    await broadcast.start();
    await settle();
    expect(broadcast.state.phase).toBe('failed');
  });
});

describe('losing the server', () => {
  it('keeps the camera and the clock, and is live again by itself', async () => {
    const { broadcast, server, devices } = await setUpLive();
    await vi.advanceTimersByTimeAsync(5_000);
    server.drop();
    expect(broadcast.state).toMatchObject({ phase: 'reconnecting', liveSinceMs: 1_000_000 });
    expect(devices.liveTracks).toHaveLength(2);
    server.accept();
    await settle();
    expect(broadcast.state.phase).toBe('live');
    const again = server.sent.filter((message) => message.type === 'publish').at(-1);
    expect(again).toMatchObject({ liveForMs: 5_000 });
  });
});

describe('while live', () => {
  it('counts those who watch', async () => {
    const { broadcast, server } = await setUpLive();
    server.count(3);
    expect(broadcast.state.viewerCount).toBe(3);
  });

  it('switches by replacing the track: the stream is not published again', async () => {
    const { broadcast, server, replaceTrack } = await setUpLive();
    const switching = broadcast.switchCamera();
    expect(broadcast.state.isSwitching).toBe(true);
    await switching;
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', isMirrored: true, isSwitching: false });
    expect(replaceTrack).toHaveBeenCalledWith('video', broadcast.state.video);
    expect(server.stream?.capture.facing).toBe('user');
    expect(server.sent.filter(({ type }) => type === 'publish')).toHaveLength(1);
  });

  it('goes on with the old camera when the other does not start', async () => {
    const { broadcast, devices, replaceTrack } = await setUpLive();
    devices.refuse = ({ video }) =>
      typeof video === 'object' && video.facingMode !== undefined
        ? refusal('NotReadableError')
        : undefined;
    await broadcast.switchCamera();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', notice: 'camera-kept' });
    expect(replaceTrack).toHaveBeenCalledWith('video', broadcast.state.video);
    expect(broadcast.state.video?.readyState).toBe('live');
  });

  it('keeps its tile when no camera is left, says so, and comes back on a tap', async () => {
    const { broadcast, server, devices } = await setUpLive();
    devices.refuse = () => refusal('NotReadableError');
    await broadcast.switchCamera();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'busy' } });
    expect(server.stream?.capture.state).toBe('ended');
    devices.refuse = () => undefined;
    await broadcast.retry();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', problem: undefined });
    expect(server.stream?.capture.state).toBe('active');
  });

  it('can switch again after a track that was not taken', async () => {
    const { broadcast, replaceTrack } = await setUpLive();
    replaceTrack.mockRejectedValueOnce(new DOMException('', 'InvalidModificationError'));
    await expect(broadcast.switchCamera()).rejects.toThrow();
    expect(broadcast.state.isSwitching).toBe(false);
    expect(await broadcast.switchCamera()).toBeDefined();
  });

  it('tells the wall of a mute', async () => {
    const { broadcast, server, devices } = await setUpLive();
    broadcast.setMuted(true);
    await settle();
    expect(server.stream?.capture.microphoneMuted).toBe(true);
    expect(devices.liveTracks.find(({ kind }) => kind === 'audio')?.enabled).toBe(false);
    expect(broadcast.state.isMuted).toBe(true);
  });

  it('tells the wall of a lock screen, and fetches the camera again on return', async () => {
    const { broadcast, server, devices, page, replaceTrack } = await setUpLive();
    page.hide();
    devices.tracks.forEach((track) => track.pause(true));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.stream?.capture.state).toBe('hidden');
    page.show();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.stream?.capture.state).toBe('active');
    expect(devices.liveTracks).toHaveLength(2);
    expect(replaceTrack).toHaveBeenCalledWith('video', broadcast.state.video);
  });

  it('says so when the microphone ends, and goes on', async () => {
    const { broadcast, server, devices } = await setUpLive();
    devices.tracks.find(({ kind }) => kind === 'audio')?.end();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', notice: 'microphone-lost' });
    expect(server.stream?.capture.hasAudio).toBe(false);
  });

  it('takes a new name to the wall', async () => {
    const { broadcast, server } = await setUpLive();
    broadcast.setLabel('  Stage \n left ');
    await settle();
    expect(server.stream?.label).toBe('Stage left');
  });
});

describe('the lobby', () => {
  async function setUpWaiting(...args: Parameters<typeof setUpBroadcast>) {
    const setUp = setUpBroadcast(...args);
    setUp.server.hasLobby = true;
    setUp.broadcast.open();
    setUp.server.accept();
    await setUp.broadcast.start();
    await settle();
    return setUp;
  }

  it('keeps the preview and sends stills until an operator lets it in, then the clock begins', async () => {
    const { broadcast, server, devices, sendStills, stopStills } = await setUpWaiting();
    expect(broadcast.state).toMatchObject({ phase: 'connecting', isWaiting: true });
    expect(devices.liveTracks).toHaveLength(2);
    expect(sendStills).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    server.admit();
    await settle();
    expect(broadcast.state).toMatchObject({
      phase: 'live',
      isWaiting: false,
      liveSinceMs: 1_060_000,
    });
    expect(stopStills).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(5_000);
    server.drop();
    server.accept();
    await settle();
    expect(server.sentOf('publish').at(-1)).toMatchObject({ liveForMs: 5_000 });
  });

  it('goes on waiting over a reconnect, and over a reload', async () => {
    const storages = freshStorages();
    const { broadcast, server, sendStills } = await setUpWaiting(storages);
    server.drop();
    server.accept();
    await settle();
    expect(broadcast.state.isWaiting).toBe(true);
    expect(sendStills).toHaveBeenCalledOnce();

    const reloaded = setUpBroadcast(storages);
    reloaded.server.hasLobby = true;
    reloaded.broadcast.open();
    reloaded.server.accept();
    await settle();
    expect(reloaded.broadcast.state.isWaiting).toBe(true);
  });

  it('is live when it was let in while the connection was down', async () => {
    const { broadcast, server, stopStills } = await setUpWaiting();
    server.drop();
    server.hasLobby = false;
    server.accept();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', isWaiting: false });
    expect(stopStills).toHaveBeenCalledOnce();
  });

  it('gives the camera back when it is turned away, and may ask again after ten seconds', async () => {
    const { broadcast, server, devices, stopStills } = await setUpWaiting();
    server.tell({ type: 'admission', state: 'refused' });
    expect(broadcast.state).toMatchObject({
      phase: 'failed',
      isWaiting: false,
      problem: { code: 'turned-away', isEarly: true },
    });
    expect(devices.liveTracks).toEqual([]);
    expect(stopStills).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(broadcast.state.problem).toEqual({ code: 'turned-away' });
    await broadcast.retry();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'connecting', isWaiting: true });
  });

  it('waits once more where it asked too early', async () => {
    const { broadcast, server } = setUpBroadcast();
    server.refuseWith = 'not-admitted';
    broadcast.open();
    server.accept();
    await broadcast.start();
    await settle();
    expect(broadcast.state.problem).toEqual({ code: 'turned-away', isEarly: true });
  });

  it('leaves nothing open when it is closed while it waits, or was turned away', async () => {
    const waiting = await setUpWaiting();
    waiting.broadcast.close();
    expect(waiting.stopStills).toHaveBeenCalledOnce();
    const refused = await setUpWaiting();
    refused.server.tell({ type: 'admission', state: 'refused' });
    refused.broadcast.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not take a late refusal for a stream that was stopped meanwhile', async () => {
    const { broadcast, server } = await setUpWaiting();
    broadcast.stop();
    server.tell({ type: 'admission', state: 'refused' });
    expect(broadcast.state.phase).toBe('idle');
  });
});

describe('what the control room does', () => {
  it('keeps the name that it gave, and does not tell it back', async () => {
    const storages = freshStorages();
    const { broadcast, server } = await setUpLive(storages);
    const sent = server.sent.length;
    server.tell({ type: 'moderated', action: { kind: 'renamed', label: 'Door' } });
    expect(broadcast.state).toMatchObject({ phase: 'live', label: 'Door', notice: 'renamed' });
    expect(server.sent).toHaveLength(sent);
    server.drop();
    server.accept();
    await settle();
    expect(server.stream?.label).toBe('Door');
    expect(setUpBroadcast(storages).broadcast.state.label).toBe('Door');
  });

  it('silences the microphone; its user may be heard again', async () => {
    const { broadcast, server, devices } = await setUpLive();
    server.tell({ type: 'moderated', action: { kind: 'muted' } });
    await settle();
    expect(broadcast.state).toMatchObject({ isMuted: true, notice: 'muted' });
    expect(devices.liveTracks.find(({ kind }) => kind === 'audio')?.enabled).toBe(false);
    expect(server.stream?.capture.microphoneMuted).toBe(true);
    broadcast.setMuted(false);
    await settle();
    expect(broadcast.state).toMatchObject({ isMuted: false, notice: undefined });
    expect(server.stream?.capture.microphoneMuted).toBe(false);
  });

  it('stops the stream: back at the start, told so, and not live by a reload', async () => {
    const storages = freshStorages();
    const { broadcast, server, devices, memory } = await setUpLive(storages);
    const { streamId } = memory;
    server.tell({ type: 'stream-removed', streamId, reason: 'stopped-by-operator' });
    expect(broadcast.state).toMatchObject({ phase: 'idle', notice: 'stopped' });
    expect(devices.liveTracks).toEqual([]);
    expect(memory.liveAt(Date.now())).toBeUndefined();
    await broadcast.start();
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'live', notice: undefined });
  });

  it('has stopped the stream while this phone was away', async () => {
    const { broadcast, server } = await setUpLive();
    server.drop();
    server.accept({ resumed: true, streams: [] });
    await settle();
    expect(broadcast.state).toMatchObject({ phase: 'idle', notice: 'stopped' });
    expect(server.sentOf('publish')).toHaveLength(1);
  });

  it.each([CLOSE.removed, CLOSE.blocked])('sends it away: %j', async ({ code }) => {
    const storages = freshStorages();
    const { broadcast, server, devices } = await setUpLive(storages);
    server.fail({ code, sentence: 'Away.' });
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { closeCode: code } });
    expect(devices.liveTracks).toEqual([]);
    const reloaded = setUpBroadcast(storages);
    reloaded.broadcast.open();
    expect(reloaded.broadcast.state.phase).toBe('idle');
    await broadcast.retry();
    expect(server.status).toBe('connecting');
    server.accept();
    expect(broadcast.state).toMatchObject({ phase: 'idle', problem: undefined });
  });
});

describe('keys', () => {
  const KEY = 'key-of-the-first-link-';

  it('lets another link in where the one before was refused', () => {
    const { broadcast, server, access } = setUpBroadcast();
    broadcast.open();
    server.fail({ code: CLOSE.keyRefused.code, sentence: 'Not valid any more.' });
    expect(broadcast.state).toMatchObject({
      phase: 'failed',
      problem: { code: 'key-refused', sentence: 'Not valid any more.' },
    });
    broadcast.useKey(KEY);
    expect(server.credentials.key).toBe(KEY);
    expect(server.status).toBe('connecting');
    server.accept();
    expect(broadcast.state).toMatchObject({ phase: 'idle', problem: undefined });
    expect(access.key).toBe(KEY);
  });

  it('tries again with the key that another tab was given meanwhile', async () => {
    const { broadcast, server, access } = setUpBroadcast();
    broadcast.open();
    server.fail({ code: CLOSE.keyRequired.code, sentence: 'A key, please.' });
    access.key = KEY;
    await broadcast.retry();
    expect(server.credentials.key).toBe(KEY);
    expect(server.status).toBe('connecting');
  });

  it('does not disturb a live stream by another link, nor takes over another tab', async () => {
    const { broadcast, server, access } = await setUpLive();
    broadcast.useKey(KEY);
    expect(broadcast.state.phase).toBe('live');
    expect(access.key).toBe(KEY);
    server.fail({ code: CLOSE.superseded.code, sentence: 'Elsewhere.' });
    broadcast.useKey(KEY);
    expect(server.status).toBe('failed');
  });

  it('keeps the key that the server renews', () => {
    const { broadcast, server, access } = setUpBroadcast();
    broadcast.open();
    server.accept();
    server.renewKey(KEY);
    expect(access.key).toBe(KEY);
  });
});

describe('a room that is locked', () => {
  const locked = { code: CLOSE.roomLocked.code, sentence: 'Locked.' };

  it('is told while it is tried on, at once on a tap, and is over by itself', async () => {
    const { broadcast, server } = setUpBroadcast();
    broadcast.open();
    server.hold(locked);
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'room-locked' } });
    await broadcast.retry();
    expect(server.wakes).toBe(1);
    server.accept();
    expect(broadcast.state).toMatchObject({ phase: 'idle', problem: undefined });
  });

  it('joins by itself where Start came before the refusal', async () => {
    const { broadcast, server } = setUpBroadcast();
    broadcast.open();
    await broadcast.start();
    server.hold(locked);
    expect(broadcast.state).toMatchObject({ phase: 'failed', problem: { code: 'room-locked' } });
    server.accept();
    await settle();
    expect(broadcast.state.phase).toBe('live');
  });

  it('does not hide the picture of who was on the wall', async () => {
    const { broadcast, server } = await setUpLive();
    server.drop();
    server.hold(locked);
    expect(broadcast.state.phase).toBe('reconnecting');
  });
});

describe('what is remembered', () => {
  it('keeps the name for good, and forgets one that was emptied', () => {
    const storages = freshStorages();
    setUpBroadcast(storages).broadcast.setLabel('Stage left');
    const next = setUpBroadcast(storages).broadcast;
    expect(next.state.label).toBe('Stage left');
    next.setLabel('   ');
    expect(next.state.label).toBe('iPhone camera');
    expect(setUpBroadcast(storages).broadcast.state.label).toBe('iPhone camera');
  });

  it('goes live again after a reload: same stream, clock, side and mute', async () => {
    const storages = freshStorages();
    const before = await setUpLive(storages);
    await before.broadcast.switchCamera();
    before.broadcast.setMuted(true);
    const { streamId } = before.memory;
    await vi.advanceTimersByTimeAsync(20_000);

    const { broadcast, server } = setUpBroadcast(storages);
    broadcast.open();
    server.accept();
    await settle();
    expect(broadcast.state).toMatchObject({
      phase: 'live',
      isMuted: true,
      isMirrored: true,
      liveSinceMs: 1_000_000,
    });
    expect(server.stream?.streamId).toBe(streamId);
  });

  it('waits for a tap after a stop, and when the tab was away for long', async () => {
    const stopped = freshStorages();
    (await setUpLive(stopped)).broadcast.stop();
    const first = setUpBroadcast(stopped);
    first.broadcast.open();
    expect(first.broadcast.state.phase).toBe('idle');

    const forgotten = freshStorages();
    await setUpLive(forgotten);
    vi.setSystemTime(1_000_000 + 3_600_000);
    const second = setUpBroadcast(forgotten);
    second.broadcast.open();
    expect(second.broadcast.state.phase).toBe('idle');
    expect(second.devices.asked).toEqual([]);
  });

  it('is somebody new after its identity was given up', async () => {
    const storages = freshStorages();
    const { broadcast, memory } = await setUpLive(storages);
    const { streamId } = memory;
    broadcast.forgetIdentity();
    expect(setUpBroadcast(storages).memory.streamId).not.toBe(streamId);
  });
});
