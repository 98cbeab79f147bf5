/** The console in a real browser: what needs layout, focus, full screen or a playing video. */
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import App from './App.vue';
import './design/base.css';
import './design/tokens.css';
import type { ServerSwitch } from './host/host';
import { axeViolations } from './testing/axe-violations';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from './testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from './testing/mount-console';

let mounted: MountedConsole | undefined;
const stops: (() => void)[] = [];

afterEach(() => {
  mounted?.close();
  for (const stop of stops.splice(0)) stop();
});

/** A subscriber whose picture moves, in the given size. */
function camera(width: number, height: number): FakeSubscriber {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const media = canvas.captureStream(10);
  let hue = 0;
  const timer = setInterval(() => {
    hue += 20;
    context.fillStyle = `hsl(${hue} 60% 40%)`;
    context.fillRect(0, 0, width, height);
  }, 50);
  stops.push(() => {
    clearInterval(timer);
    for (const track of media.getTracks()) track.stop();
  });
  const subscriber = new FakeSubscriber();
  subscriber.state = 'connected';
  subscriber.media = media;
  return subscriber;
}

async function mountWall(sizes: readonly [number, number][]): Promise<MountedConsole> {
  await page.viewport(1280, 800);
  const serverSwitch: ServerSwitch = {
    getRemoteAddress: () => Promise.resolve(null),
    useEmbeddedServer: () => Promise.resolve({ ok: true }),
    useRemoteServer: () => Promise.resolve({ ok: false, message: 'Nobody answers.' }),
    trustRemoteServer: () => Promise.resolve({ ok: true }),
    useFoundServer: () => Promise.resolve({ ok: true }),
    watchFoundServers: () => () => undefined,
  };
  const console = mountConsole(App, {
    serverSwitch,
    prepare({ server, source }) {
      goLive(server, ['http://192.168.1.42:8443/stream', 'http://10.0.0.7:8443/stream']);
      for (const [index, [width, height]] of sizes.entries()) {
        source.put(streamInfo(index), camera(width, height));
      }
    },
  });
  // The app's root takes the window's height, as `#app` does in the page.
  document.querySelector('.console')!.parentElement!.id = 'app';
  mounted = console;
  return console;
}

function tile(index: number): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-stream-id="${streamIdOf(index)}"]`)!;
}

function aspectOf(index: number): number {
  const { width, height } = tile(index).getBoundingClientRect();
  return width / height;
}

describe('the console in a browser', () => {
  it('gives every tile the shape of its picture, without overlap', async () => {
    await mountWall([
      [640, 360],
      [360, 640],
      [640, 480],
    ]);
    await expect.poll(() => aspectOf(0)).toBeCloseTo(16 / 9, 1);
    await expect.poll(() => aspectOf(1)).toBeCloseTo(9 / 16, 1);
    await expect.poll(() => aspectOf(2)).toBeCloseTo(4 / 3, 1);
  });

  it('is live with the first frame, and follows a phone that is turned', async () => {
    const { source } = await mountWall([[640, 360]]);
    await expect.poll(() => tile(0).dataset['state']).toBe('live');
    source.put(streamInfo(0), camera(360, 640));
    await expect.poll(() => aspectOf(0)).toBeCloseTo(9 / 16, 1);
  });

  it('arranges the wall anew when the window changes', async () => {
    await mountWall([
      [640, 360],
      [640, 360],
    ]);
    const top = (index: number) => tile(index).getBoundingClientRect().top;
    await expect.poll(() => top(1) - top(0)).toBe(0);
    await page.viewport(600, 900);
    await expect.poll(() => top(1) - top(0)).toBeGreaterThan(100);
  });

  it('plays on in the same video element while others come and go', async () => {
    const { source } = await mountWall([
      [640, 360],
      [640, 360],
    ]);
    const video = tile(1).querySelector('video')!;
    await expect.poll(() => video.currentTime).toBeGreaterThan(0);
    source.remove(streamInfo(0), 'left');
    source.put(streamInfo(5), camera(360, 640));
    await expect.poll(() => tile(5)).toBeTruthy();
    await expect.poll(() => tile(0), { timeout: 8_000 }).toBeNull();
    const before = video.currentTime;
    expect(tile(1).querySelector('video')).toBe(video);
    expect(video.paused).toBe(false);
    await expect.poll(() => video.currentTime).toBeGreaterThan(before);
  });

  it('moves the focus by arrow keys, and passes it on when its tile leaves', async () => {
    const { source } = await mountWall(Array.from({ length: 4 }, () => [640, 360]));
    tile(0).focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.poll(() => document.activeElement).toBe(tile(1));
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(() => document.activeElement).toBe(tile(3));
    source.remove(streamInfo(3), 'stopped');
    await expect.poll(() => document.activeElement, { timeout: 8_000 }).toBe(tile(2));
  });

  it('shows one tile full screen and back by its keys', async () => {
    await mountWall([[640, 360]]);
    tile(0).focus();
    await userEvent.keyboard('f');
    await expect.poll(() => document.fullscreenElement).toBe(tile(0));
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => document.fullscreenElement).toBeNull();
  });

  it('opens help by a key, closes it by Escape, and gives the focus back', async () => {
    await mountWall([[640, 360]]);
    tile(0).focus();
    await userEvent.keyboard('?');
    await expect.element(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('dialog')).toBeNull();
    expect(document.activeElement).toBe(tile(0));
  });

  it('is accessible: the wall, all its states, and every dialog', async () => {
    const { source, poller } = await mountWall([
      [640, 360],
      [360, 640],
      [640, 360],
      [640, 360],
    ]);
    poller.sample(
      source.streams[0]!.subscriber!,
      movingSample({ framesPerSecond: 30, width: 640, height: 360, roundTripTimeMs: 2 }),
    );
    const capture = { state: 'hidden', hasAudio: false, microphoneMuted: true } as const;
    const hidden = new FakeSubscriber();
    source.put(streamInfo(1, { capture }), hidden);
    source.put(streamInfo(2, { connection: 'reconnecting' }), new FakeSubscriber());
    source.remove(streamInfo(3), 'lost');
    await userEvent.keyboard('s');
    const states = () => [0, 1, 2, 3].map((index) => tile(index).dataset['state']);
    await expect
      .poll(states, { timeout: 5_000 })
      .toEqual(['live', 'reconnecting', 'reconnecting', 'ended']);
    expect(await axeViolations()).toEqual([]);
    for (const [key, heading] of [
      ['j', 'Add a camera'],
      ['?', 'Keys'],
    ] as const) {
      await userEvent.keyboard(key);
      await expect.element(page.getByRole('dialog', { name: heading })).toBeVisible();
      expect(await axeViolations()).toEqual([]);
      await userEvent.keyboard('{Escape}');
      await expect.poll(() => document.querySelector('dialog')).toBeNull();
    }
    await page.getByRole('button', { name: 'Server' }).click();
    await page.getByText('A server elsewhere').click();
    expect(await axeViolations()).toEqual([]);
  });

  it('is accessible without streams, and when the server has failed', async () => {
    const { server } = await mountWall([]);
    expect(await axeViolations()).toEqual([]);
    server.signaling = 'failed';
    server.failure = { code: 4002, sentence: 'Reload this page.' };
    await expect.element(page.getByRole('alert')).toBeVisible();
    expect(await axeViolations()).toEqual([]);
  });
});
