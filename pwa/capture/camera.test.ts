import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BACK, FRONT, FakeMediaDevices, refusal } from '../testing/fake-media';
import { Camera, permissionQuery, type PermissionQuery } from './camera';

const wantsSound = ({ audio }: MediaStreamConstraints): boolean => audio !== false;

describe('Camera', () => {
  let devices: FakeMediaDevices;
  let permissions: Partial<Record<'camera' | 'microphone', PermissionState>>;
  let camera: Camera;

  beforeEach(() => {
    devices = new FakeMediaDevices();
    permissions = {};
    const queryPermission: PermissionQuery = (name) => Promise.resolve(permissions[name]);
    camera = new Camera({ mediaDevices: devices, queryPermission });
  });

  /** Lets the next list of cameras wait; returns the way to give it. */
  function holdList(): () => void {
    const list = devices.enumerateDevices.bind(devices);
    let give = (): void => undefined;
    const isGiven = new Promise<void>((resolve) => (give = resolve));
    vi.spyOn(devices, 'enumerateDevices').mockImplementationOnce(() => isGiven.then(list));
    return () => give();
  }

  describe('open', () => {
    it('asks for both at once, and opens the camera at the back', async () => {
      expect(await camera.open()).toEqual({ ok: true, value: undefined });
      expect(devices.asked).toHaveLength(1);
      expect(camera.facing).toBe('environment');
      expect(camera.video?.contentHint).toBe('motion');
      expect(camera.audio?.readyState).toBe('live');
    });

    it('does not wait for the list of cameras, and tells when it is there', async () => {
      const giveList = holdList();
      await camera.open();
      expect(camera.canSwitch).toBe(false);
      const switched = camera.switchCamera();
      giveList();
      expect(await switched).toEqual({ outcome: 'switched' });
      expect(camera.canSwitch).toBe(true);
    });

    it('forgets a list that comes after its end', async () => {
      const changed = vi.fn();
      camera.on('changed', changed);
      const giveList = holdList();
      await camera.open();
      camera.release();
      giveList();
      await camera.open();
      await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    });

    it('opens the side that was remembered', async () => {
      await camera.open('user');
      expect(camera.facing).toBe('user');
    });

    it('stops what was open before it asks again', async () => {
      await camera.open();
      await camera.open();
      expect(devices.liveTracks).toEqual([camera.video, camera.audio]);
    });

    it('goes on without a microphone that is not there, or in use', async () => {
      devices.hasMicrophone = false;
      expect((await camera.open()).ok).toBe(true);
      expect(camera.soundProblem).toBe('microphone-absent');
      devices.hasMicrophone = true;
      devices.refuse = (asked) => (wantsSound(asked) ? refusal('NotReadableError') : undefined);
      expect((await camera.open()).ok).toBe(true);
      expect(camera.soundProblem).toBe('microphone-busy');
      expect(camera.audio).toBeUndefined();
    });

    it('goes on without a microphone that alone is blocked', async () => {
      permissions = { camera: 'prompt', microphone: 'denied' };
      devices.refuse = (asked) => (wantsSound(asked) ? refusal('NotAllowedError') : undefined);
      expect((await camera.open()).ok).toBe(true);
      expect(camera.soundProblem).toBe('microphone-denied');
    });

    it('does not ask twice when the person refused both', async () => {
      permissions = { camera: 'prompt', microphone: 'prompt' };
      devices.refuse = () => refusal('NotAllowedError');
      expect(await camera.open()).toEqual({ ok: false, error: 'dismissed' });
      expect(devices.asked).toHaveLength(1);
    });

    it.each([
      ['NotAllowedError', 'denied'],
      ['NotFoundError', 'no-camera'],
      ['NotReadableError', 'busy'],
    ])('says why it cannot: %s', async (name, error) => {
      permissions = { camera: 'denied' };
      devices.refuse = () => refusal(name);
      expect(await camera.open()).toEqual({ ok: false, error });
    });

    it('drops every wish when a camera refuses them', async () => {
      devices.refuse = ({ video }) =>
        video === true ? undefined : refusal('OverconstrainedError');
      expect((await camera.open()).ok).toBe(true);
    });

    it('stops what arrives after a release, and says that it was released', async () => {
      let give = (): void => undefined;
      devices.held = new Promise((resolve) => (give = resolve));
      const opening = camera.open();
      await vi.waitFor(() => expect(devices.asked).toHaveLength(1));
      camera.release();
      give();
      expect(await opening).toEqual({ ok: false, error: 'closed' });
      expect(devices.liveTracks).toEqual([]);
      expect(camera.video).toBeUndefined();
    });
  });

  describe('switchCamera', () => {
    it('stops the old camera before it asks for the other, and keeps the microphone', async () => {
      await camera.open();
      const { video: old, audio } = camera;
      devices.refuse = () => {
        expect(old?.readyState).toBe('ended');
        return undefined;
      };
      expect(await camera.switchCamera()).toEqual({ outcome: 'switched' });
      expect(camera.facing).toBe('user');
      expect(camera.audio).toBe(audio);
      expect(devices.asked[1]?.audio).toBe(false);
    });

    it('opens the one that is named, even where it is the one that is open', async () => {
      await camera.open();
      expect(camera.devices.map(({ deviceId }) => deviceId)).toEqual(['back', 'front']);
      const front = { kind: 'device', deviceId: 'front' } as const;
      for (let time = 0; time < 2; time += 1) {
        expect(await camera.switchCamera(front)).toEqual({ outcome: 'switched' });
        expect(camera.facing).toBe('user');
      }
    });

    it('opens the old camera again when the other does not start', async () => {
      await camera.open();
      devices.refuse = ({ video }) =>
        typeof video === 'object' && video.facingMode !== undefined
          ? refusal('NotReadableError')
          : undefined;
      expect(await camera.switchCamera()).toEqual({ outcome: 'kept', error: 'busy' });
      expect(camera.facing).toBe('environment');
      expect(camera.video?.readyState).toBe('live');
    });

    it('says that there is none when the old one does not come back either', async () => {
      await camera.open();
      devices.refuse = () => refusal('NotReadableError');
      expect(await camera.switchCamera()).toEqual({ outcome: 'lost', error: 'busy' });
      expect(camera.video).toBeUndefined();
    });

    it('goes round the list where cameras have no side', async () => {
      devices.cameras = ['a', 'b', 'c'].map((deviceId) => ({ deviceId, label: deviceId }));
      await camera.open();
      const seen = [camera.video?.label];
      for (let times = 0; times < 3; times += 1) {
        await camera.switchCamera();
        seen.push(camera.video?.label);
      }
      expect(seen).toEqual(['a', 'b', 'c', 'a']);
    });

    it('names another camera when the other side leads to the same one', async () => {
      devices.cameras = [BACK, { deviceId: 'usb', label: 'Capture card' }];
      await camera.open();
      expect(await camera.switchCamera()).toEqual({ outcome: 'switched' });
      expect(camera.video?.label).toBe('Capture card');
    });

    it('leaves a single camera alone', async () => {
      devices.cameras = [BACK];
      await camera.open();
      expect(camera.canSwitch).toBe(false);
      expect(await camera.switchCamera()).toMatchObject({ outcome: 'kept' });
      expect(camera.video?.readyState).toBe('live');
    });

    it('is waited for by the next operation: one camera at a time', async () => {
      await camera.open();
      const [first, second] = await Promise.all([camera.switchCamera(), camera.switchCamera()]);
      expect([first.outcome, second.outcome]).toEqual(['switched', 'switched']);
      expect(camera.facing).toBe('environment');
      expect(devices.liveTracks).toHaveLength(2);
    });
  });

  it('keeps a microphone muted over a reopening', async () => {
    camera.setMuted(true);
    await camera.open();
    expect(camera.audio?.enabled).toBe(false);
    camera.setMuted(false);
    expect(camera.audio?.enabled).toBe(true);
  });

  it('tells of cameras that come and go, and of a microphone that ends', async () => {
    const changed = vi.fn();
    camera.on('changed', changed);
    devices.cameras = [BACK];
    await camera.open();
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    changed.mockClear();
    devices.cameras = [BACK, FRONT];
    devices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(camera.canSwitch).toBe(true);
    devices.tracks.find(({ kind }) => kind === 'audio')?.end();
    expect(changed).toHaveBeenCalledTimes(2);
    expect(camera.audio).toBeUndefined();
  });

  it('stops its tracks and listens no more when closed, twice as well as once', async () => {
    await camera.open();
    const remove = vi.spyOn(devices, 'removeEventListener');
    camera.close();
    camera.close();
    expect(devices.liveTracks).toEqual([]);
    expect(remove).toHaveBeenCalledWith('devicechange', expect.any(Function));
  });
});

describe('permissionQuery', () => {
  it('knows nothing where browsers have no such API or name', async () => {
    expect(await permissionQuery(undefined)('camera')).toBeUndefined();
    const query = vi.fn(() => Promise.reject(new TypeError('camera is no permission name')));
    const permissions = { query } satisfies Pick<Permissions, 'query'>;
    expect(await permissionQuery(permissions)('camera')).toBeUndefined();
  });
});
