import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { useSelectionStore } from '../selection/selection-store';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { mountConsole, type MountedConsole } from '../testing/mount-console';
import StreamTile from './StreamTile.vue';

const rect = { x: 8, y: 16, width: 640, height: 360 };
let mounted: MountedConsole | undefined;
let subscriber: FakeSubscriber;
const onMove = vi.fn();

afterEach(() => mounted?.close());

function mountTile(change: Parameters<typeof streamInfo>[1] = {}): MountedConsole {
  subscriber = new FakeSubscriber();
  mounted = mountConsole(StreamTile, {
    props: { streamId: streamIdOf(1), rect, isCurrent: true, onMove },
    prepare: ({ source }) => source.put(streamInfo(1, change), subscriber),
  });
  return mounted;
}

function find(testId: string): ReturnType<MountedConsole['wrapper']['find']> {
  return mounted!.wrapper.find(`[data-testid="${testId}"]`);
}

async function goLive(change: Parameters<typeof movingSample>[0] = {}): Promise<void> {
  subscriber.setState('connected');
  mounted!.poller.sample(subscriber, movingSample(change));
  await nextTick();
}

describe('StreamTile', () => {
  it('shows name, viewers, state and its place', async () => {
    mountTile({ label: 'Stage left', viewerCount: 3 });
    expect(find('tile').attributes()).toMatchObject({
      'data-stream-id': streamIdOf(1),
      'data-state': 'connecting',
      'aria-label': 'Stage left, connecting, 3 viewers',
      tabindex: '0',
    });
    expect(find('tile').attributes('style')).toContain('left: 8px; top: 16px');
    expect(find('tile-label').text()).toBe('Stage left');
    expect(find('tile-viewers').text()).toBe('3');
    expect(find('tile-state').text()).toContain('Waiting for the first picture');
    await goLive();
    expect(find('tile').attributes('data-state')).toBe('live');
  });

  it('has an attribute for each figure there is, and none for the others', async () => {
    mountTile();
    const names = () =>
      Object.keys(find('tile-stats').attributes()).filter(
        (name) => name.startsWith('data-') && name !== 'data-testid' && !name.startsWith('data-v-'),
      );
    expect(names()).toEqual([]);
    await goLive({ framesPerSecond: 24.96, width: 640, height: 360 });
    expect(names().sort()).toEqual(['data-fps', 'data-height', 'data-width']);
    expect(find('tile-stats').attributes('data-fps')).toBe('25');
    expect(find('tile-stats').text()).toBe('25 fps · 640×360');
    await goLive({ videoCodec: 'VP8' });
    expect(names()).toEqual(['data-codec']);
  });

  it('says that its picture is relayed, and only then', async () => {
    mountTile();
    const mark = () => mounted!.wrapper.find('[role="img"][aria-label="Relayed"]').exists();
    await goLive({ isRelayed: false });
    expect(mark()).toBe(false);
    expect(find('tile-stats').attributes('data-relayed')).toBeUndefined();
    await goLive({ isRelayed: true });
    expect(mark()).toBe(true);
    expect(find('tile-stats').attributes('data-relayed')).toBe('true');
    await goLive();
    expect(mark()).toBe(false);
  });

  it('says why a picture stands still', async () => {
    mountTile();
    await goLive();
    mounted!.source.put(
      streamInfo(1, {
        capture: { state: 'interrupted', hasAudio: true, microphoneMuted: false },
      }),
      subscriber,
    );
    await goLive({ isPictureMoving: false, pictureStoppedForMs: 1_000 });
    expect(find('tile').attributes('data-state')).toBe('frozen');
    expect(find('tile-state').text()).toContain('A call interrupted the camera');
  });

  it('plays the stream’s media, and lets go of it in the end', async () => {
    mountTile();
    const media = new MediaStream();
    subscriber.setMedia(media);
    await nextTick();
    const video = mounted!.wrapper.find('video').element;
    expect(video.srcObject).toBe(media);
    mounted!.close();
    expect(video.srcObject).toBeNull();
  });

  it('is live at the first frame, but not by the black one that an ended track leaves', async () => {
    mountTile();
    const video = mounted!.wrapper.find('video');
    const paint = async (width: number, height: number) => {
      Object.defineProperty(video.element, 'videoWidth', { configurable: true, value: width });
      Object.defineProperty(video.element, 'videoHeight', { configurable: true, value: height });
      await video.trigger('resize');
    };
    await paint(0, 0);
    await paint(2, 2);
    expect(find('tile').attributes('data-state')).toBe('connecting');
    await paint(320, 180);
    expect(find('tile').attributes('data-state')).toBe('live');
  });

  it('is silent until asked, and silent again when asked again', async () => {
    mountTile();
    subscriber.setMedia(new MediaStream());
    await nextTick();
    const video = mounted!.wrapper.find('video').element;
    expect(video.muted).toBe(true);
    await find('tile-listen').trigger('click');
    expect(video.muted).toBe(false);
    expect(find('tile-listen').attributes('aria-pressed')).toBe('true');
    await find('tile').trigger('keydown', { key: 'l' });
    expect(video.muted).toBe(true);
  });

  it('asks for a click where the browser refuses sound', async () => {
    mountTile();
    subscriber.setMedia(new MediaStream());
    await nextTick();
    const video = mounted!.wrapper.find('video').element;
    let mayPlayAloud = false;
    video.play = () =>
      video.muted || mayPlayAloud
        ? Promise.resolve()
        : Promise.reject(new DOMException('play() needs a gesture', 'NotAllowedError'));
    useSelectionStore().toggleSound(streamIdOf(1));
    await expect.poll(() => find('tile-listen').text()).toBe('Click to hear');
    expect(video.muted).toBe(true);
    mayPlayAloud = true;
    await find('tile-listen').trigger('click');
    await nextTick();
    expect(video.muted).toBe(false);
    expect(find('tile-listen').text()).toBe('');
  });

  it('offers no sound where there is none', () => {
    mountTile({ capture: { state: 'active', hasAudio: false, microphoneMuted: false } });
    expect(find('tile-listen').attributes('disabled')).toBeDefined();
    expect(mounted!.wrapper.find('[aria-label="No microphone"]').exists()).toBe(true);
  });

  it('shows that the phone’s microphone is muted', () => {
    mountTile({ capture: { state: 'active', hasAudio: true, microphoneMuted: true } });
    expect(mounted!.wrapper.find('[aria-label="Microphone muted on the phone"]').exists()).toBe(
      true,
    );
  });

  it('asks to move by arrow keys', async () => {
    mountTile();
    await find('tile').trigger('keydown', { key: 'ArrowRight' });
    expect(onMove).toHaveBeenCalledExactlyOnceWith('right');
  });

  it('shows all figures when asked', async () => {
    mountTile();
    await goLive({ roundTripTimeMs: 3.2, freezeCount: 0 });
    expect(mounted!.wrapper.text()).not.toContain('Round trip');
    useSelectionStore().toggleFigures();
    await nextTick();
    expect(mounted!.wrapper.text()).toContain('Round trip');
    expect(mounted!.wrapper.text()).toContain('3.2 ms');
    expect(mounted!.wrapper.text()).not.toContain('Jitter');
  });
});
