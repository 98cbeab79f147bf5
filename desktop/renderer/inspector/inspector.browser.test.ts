/** The inspector in a real browser: layout, keys, focus, graphs, and that nothing is left behind. */
import axe from 'axe-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Telemetry } from '../../../signal/protocol/control-reports';
import App from '../App.vue';
import '../design/base.css';
import '../design/tokens.css';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';
import { useInspectorStore } from './inspector-store';

/** A stream whose phone tells of itself. */
class TellingSubscriber extends FakeSubscriber {
  readonly control: { readonly telemetry: Telemetry };

  constructor(index: number) {
    super();
    const sending = { framesPerSecond: 30 - index, videoBitrateBps: 2_000_000, encodeMs: 6 };
    this.control = {
      telemetry: { type: 'telemetry', sending, phone: { batteryLevel: 0.8 - index / 10 } },
    };
  }
}

let mounted: MountedConsole | undefined;
let subscribers: TellingSubscriber[] = [];

afterEach(() => {
  mounted?.close();
  localStorage.clear();
});

/** Sends one sample of each stream, `ago` seconds old. */
function feed(ago: number): void {
  for (const [index, subscriber] of subscribers.entries()) {
    const wave = Math.sin((ago + index * 20) / 9);
    const sample = movingSample({
      takenAt: performance.now() - ago * 1_000,
      audioPacketsArrive: true,
      framesPerSecond: 27 + wave * 3 - index * 4,
      width: 1280,
      height: 720,
      videoCodec: 'VP8',
      videoBitrateBps: 1_800_000 + wave * 400_000,
      audioBitrateBps: 32_000,
      packetsLostRatio: ago % 60 < 8 ? 0.03 : 0,
      roundTripTimeMs: 12 + index * 9 + wave * 4,
      jitterBufferMs: 30 + wave * 8,
      decodeMs: 4 + index,
      processingMs: 22 + wave,
      isRelayed: false,
    });
    mounted!.poller.sample(subscriber, sample);
  }
}

async function mountWall(count: number, history = 290): Promise<MountedConsole> {
  await page.viewport(1440, 900);
  subscribers = Array.from({ length: count }, (_, index) => new TellingSubscriber(index));
  mounted = mountConsole(App, {
    prepare({ server, source }) {
      goLive(server);
      for (const [index, subscriber] of subscribers.entries()) {
        subscriber.state = 'connected';
        source.put(streamInfo(index, { label: `Camera ${index + 1}` }), subscriber);
      }
    },
  });
  document.querySelector('.console')!.parentElement!.id = 'app';
  for (let ago = history; ago >= 0; ago -= 1) feed(ago);
  return mounted;
}

function tile(index: number): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-stream-id="${streamIdOf(index)}"]`)!;
}

function find(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-testid="inspector"] ${selector}`);
}

function panel(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-testid="inspector"]');
}

async function untilDrawn(): Promise<void> {
  await expect.poll(() => document.querySelectorAll('.u-wrap canvas').length).toBe(7);
}

async function openFirst(): Promise<void> {
  tile(0).focus();
  await userEvent.keyboard('i');
  await untilDrawn();
}

describe('the inspector', () => {
  it('opens on a key, takes the focus, and gives it back on Escape', async () => {
    await mountWall(2);
    await openFirst();
    expect(document.activeElement).toBe(panel());
    expect(find('[data-testid="inspector-sentence"]')?.textContent.trim()).toBe('All is well.');
    await userEvent.keyboard('{Escape}');
    await expect.poll(panel).toBeNull();
    expect(document.activeElement).toBe(tile(0));
  });

  it('opens from the button on the tile, which then says so', async () => {
    await mountWall(1);
    const button = tile(0).querySelector<HTMLElement>('[data-testid="tile-inspect"]')!;
    button.click();
    await untilDrawn();
    expect(button.getAttribute('aria-pressed')).toBe('true');
    button.click();
    await expect.poll(panel).toBeNull();
  });

  it('shows each figure with its unit, and a dash with the reason where there is none', async () => {
    await mountWall(1);
    await openFirst();
    const of = (group: string, name: string) =>
      find(`[data-group="${group}"] [data-figure="${name}"] td`)?.textContent.trim();
    expect(of('picture', 'size')).toBe('1280×720');
    expect(of('phone', 'battery')).toBe('80.0 %');
    expect(of('picture', 'decoder')).toContain('–');
    expect(of('picture', 'decoder')).toContain('only to pages that capture');
  });

  it('moves one cursor through all graphs by keys, and says what is under it', async () => {
    await mountWall(1);
    await openFirst();
    const stack = find('[role="slider"]')!;
    stack.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{PageDown}');
    expect(stack.getAttribute('aria-valuenow')).toBe('-12');
    expect(stack.getAttribute('aria-valuetext')).toMatch(
      /^12 s ago\. Camera 1\. Frame rate: shown/u,
    );
    expect(find('.times')?.textContent).toBe('−5 min−4 min−3 min−2 min−1 minnow');
    const cursors = [...document.querySelectorAll<HTMLElement>('.u-cursor-x')];
    expect(new Set(cursors.map(({ style }) => style.transform)).size).toBe(1);
    await userEvent.keyboard('{Delete}');
    expect(stack.getAttribute('aria-valuenow')).toBe('0');
  });

  it('draws what is new, and goes on from there', async () => {
    await mountWall(1, 5);
    await openFirst();
    subscribers[0]!.setState('connected');
    mounted!.poller.sample(subscribers[0]!, movingSample({ framesPerSecond: 7 }));
    await expect
      .poll(() => find('[data-graph="frame-rate"] .reading')?.textContent.trim())
      .toBe('7 / 30');
  });

  it('compares up to four streams by click and key, and says that there are no more places', async () => {
    await mountWall(5);
    await openFirst();
    await userEvent.click(tile(1), { modifiers: ['ControlOrMeta'] });
    await userEvent.click(tile(2), { modifiers: ['Shift'] });
    tile(3).focus();
    await userEvent.keyboard('c');
    await expect
      .poll(() => document.querySelectorAll('[data-testid="inspector-verdict"]').length)
      .toBe(4);
    expect(document.activeElement).toBe(tile(3));
    await userEvent.click(tile(4), { modifiers: ['ControlOrMeta'] });
    await expect.element(page.getByText('Four cameras are compared already.')).toBeInTheDocument();
    expect(find('[data-group="phone"] [data-figure="battery"]')?.textContent).toMatch(
      /80\.0 %\s*70\.0 %\s*60\.0 %\s*50\.0 %/u,
    );
    tile(3).focus();
    await userEvent.keyboard('c');
    await expect.poll(() => useInspectorStore().shown.length).toBe(3);
  });

  it('leads to quality and camera of the phone, and takes the focus back', async () => {
    const { server } = await mountWall(2);
    await openFirst();
    const button = (name: string) => find(`[data-panel="${name}"]`)!;
    const opened = (name: string) =>
      document.querySelector<HTMLElement>(`[data-testid="${name}-panel"]`);
    for (const name of ['quality', 'camera']) {
      button(name).focus();
      await userEvent.keyboard('{Enter}');
      await expect.poll(() => opened(name)?.contains(document.activeElement)).toBe(true);
      await userEvent.keyboard('{Escape}');
      await expect.poll(() => opened(name)).toBeNull();
      expect(document.activeElement).toBe(button(name));
      expect(panel()).not.toBeNull();
    }
    await userEvent.click(button('quality'));
    await expect.poll(() => opened('quality')).not.toBeNull();
    expect(button('quality').getAttribute('aria-expanded')).toBe('true');
    await userEvent.click(button('camera'));
    await expect.poll(() => opened('camera')).not.toBeNull();
    expect(opened('quality')).toBeNull();
    await userEvent.click(button('camera'));
    await expect.poll(() => opened('camera')).toBeNull();
    server.role = 'viewer';
    await expect.poll(() => find('[data-panel="camera"]')).toBeNull();
    expect(button('quality')).not.toBeNull();
  });

  it('keeps the graph of a stream that left until it is closed', async () => {
    const { source, monitor } = await mountWall(2);
    await openFirst();
    source.remove(streamInfo(0), 'stopped');
    await expect
      .poll(() => find('[data-testid="inspector-sentence"]')?.textContent.trim(), {
        timeout: 8_000,
      })
      .toBe('The stream has ended.');
    await expect
      .poll(() => document.querySelectorAll('[data-testid="tile"]').length, { timeout: 8_000 })
      .toBe(1);
    expect(monitor.ringOf(streamIdOf(0))?.length).toBeGreaterThan(200);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => monitor.ringOf(streamIdOf(0))).toBeUndefined();
  });

  it('is made wider by keys, within bounds, and remembers', async () => {
    await mountWall(1);
    await openFirst();
    const before = panel()!.getBoundingClientRect().width;
    find('[role="separator"]')!.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(panel()!.getBoundingClientRect().width).toBe(before + 48);
    expect(localStorage.getItem('sightline-inspector-width')).toBe(String(before + 48));
  });

  it('leaves nothing behind after being opened and closed 50 times', async () => {
    await mountWall(2);
    const disconnect = vi.spyOn(ResizeObserver.prototype, 'disconnect');
    const observe = vi.spyOn(ResizeObserver.prototype, 'observe');
    const added = vi.spyOn(EventTarget.prototype, 'addEventListener');
    const removed = vi.spyOn(EventTarget.prototype, 'removeEventListener');
    const onPage = (calls: typeof added.mock): number =>
      calls.contexts.filter((target) => target === document || target === window).length;
    await openFirst();
    useInspectorStore().close();
    await expect.poll(panel).toBeNull();
    const first = onPage(added.mock) - onPage(removed.mock);
    for (let time = 0; time < 50; time += 1) {
      useInspectorStore().open(streamIdOf(time % 2));
      await untilDrawn();
      useInspectorStore().close();
      await expect.poll(panel).toBeNull();
    }
    expect(document.querySelectorAll('.uplot, canvas.u-over')).toHaveLength(0);
    expect(onPage(added.mock) - onPage(removed.mock)).toBe(first);
    expect(disconnect.mock.calls.length).toBe(observe.mock.calls.length);
    vi.restoreAllMocks();
  }, 60_000);

  it('lies over the wall in a narrow window', async () => {
    await mountWall(1);
    await page.viewport(800, 700);
    await openFirst();
    const wall = document.querySelector('.stage')!.getBoundingClientRect();
    expect(wall.width).toBe(800);
    expect(panel()!.getBoundingClientRect().right).toBe(800);
  });

  it('breaks no rule of axe, alone and comparing', async () => {
    await mountWall(4);
    await openFirst();
    for (const index of [0, 1, 2, 3]) {
      if (index > 0) useInspectorStore().compare(streamIdOf(index));
      await untilDrawn();
      const { violations } = await axe.run(panel()!, { resultTypes: ['violations'] });
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });
});
