import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { useAnnouncerStore } from '../announcements/announcer-store';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { mountConsole, type MountedConsole } from '../testing/mount-console';
import { useSelectionStore } from '../selection/selection-store';
import AlertCenter from './AlertCenter.vue';

let mounted: MountedConsole;
let subscribers: FakeSubscriber[];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  subscribers = [new FakeSubscriber(), new FakeSubscriber()];
  mounted = mountConsole(AlertCenter, {
    prepare: ({ source }) => {
      for (const [index, subscriber] of subscribers.entries()) {
        source.put(streamInfo(index, { label: `Camera ${index}` }), subscriber);
        subscriber.setState('connected');
      }
    },
  });
});

afterEach(() => {
  mounted.close();
  // Vue waits once for its developer tools.
  vi.advanceTimersByTime(3_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A stream for some seconds; its announcements have been made by then. */
async function watch(
  camera: number,
  seconds: number,
  change: Parameters<typeof movingSample>[0] = {},
): Promise<void> {
  const subscriber = subscribers[camera]!;
  for (let second = 0; second < seconds; second += 1) {
    vi.advanceTimersByTime(1_000);
    mounted.poller.sample(subscriber, movingSample(change));
  }
  vi.advanceTimersByTime(1_000);
  await nextTick();
}

async function press(key: string): Promise<void> {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await nextTick();
  await nextTick();
}

const all = () => mounted.wrapper.findAll('[data-testid="alert"]');

describe('the list of alerts', () => {
  it('opens and closes by key, and says when all is well', async () => {
    await press('w');
    const panel = mounted.wrapper.get('[data-testid="alert-panel"]');
    expect(panel.text()).toContain('All cameras are well.');
    expect(document.activeElement).toBe(panel.element);
    await press('Escape');
    expect(mounted.wrapper.find('[data-testid="alert-panel"]').exists()).toBe(false);
  });

  it('has the newest first, with its camera, its sentence and its age', async () => {
    await watch(0, 6, { packetsLostRatio: 0.12 });
    await watch(1, 6, { isRelayed: true });
    await press('w');
    expect(all().map((entry) => entry.attributes('data-kind'))).toEqual(['relayed', 'high-loss']);
    expect(all()[1]!.text()).toContain('Camera 0');
    expect(all()[1]!.text()).toContain('12 % of packets are lost on the way.');
    const ageOf = () => Number(/(\d+) s/u.exec(all()[1]!.get('.age').text())?.[1]);
    const age = ageOf();
    vi.advanceTimersByTime(5_000);
    await nextTick();
    expect(ageOf()).toBe(age + 5);
  });

  it('acknowledges one and all, and keeps them listed until they are over', async () => {
    await watch(0, 6, { packetsLostRatio: 0.12, isRelayed: true });
    await watch(1, 6, { isRelayed: true });
    await press('w');
    const ticks = () => all().filter((entry) => entry.find('.tick').exists()).length;
    expect(ticks()).toBe(3);
    await all()[0]!.get('.tick').trigger('click');
    expect(ticks()).toBe(2);
    await mounted.wrapper.get('.all').trigger('click');
    expect([ticks(), all().length]).toEqual([0, 3]);
    await watch(0, 12);
    await watch(1, 12);
    expect(all()).toHaveLength(0);
  });

  it('leads to the camera', async () => {
    await watch(1, 6, { isRelayed: true });
    await press('w');
    await all()[0]!.get('.label').trigger('click');
    expect(useSelectionStore().currentId).toBe(streamIdOf(1));
  });
});

describe('a screen reader', () => {
  it('is interrupted for a frozen picture, and for nothing less', async () => {
    const urgent = () => mounted.wrapper.get('[aria-live="assertive"]').text();
    await watch(0, 6, { isRelayed: true });
    expect(useAnnouncerStore().announcement).toContain('Camera 0: relayed.');
    expect(urgent()).toBe('');
    await watch(0, 2, { isPictureMoving: false, pictureStoppedForMs: 2_000 });
    expect(urgent()).toBe('Camera 0: frozen picture.');
  });
});

describe('the settings', () => {
  async function openSettings(): Promise<void> {
    await press('w');
    await mounted.wrapper.get('[aria-label="Settings of alerts"]').trigger('click');
  }
  const rule = (kind: string) => mounted.wrapper.get(`[data-rule="${kind}"]`);

  it('switch a rule off at once, and keep that', async () => {
    await watch(0, 6, { isRelayed: true });
    await openSettings();
    await rule('relayed').get('input[type="checkbox"]').setValue(false);
    await watch(0, 1, { isRelayed: true });
    expect(all()).toHaveLength(0);
    expect(localStorage.getItem('sightline-alerts')).toContain('"relayed":{"isOn":false}');
    await mounted.wrapper.get('[data-testid="alert-reset"]').trigger('click');
    expect(localStorage.getItem('sightline-alerts')).not.toContain('relayed');
  });

  it('take a limit that makes sense, and say what is wrong with another', async () => {
    await openSettings();
    const limit = rule('high-loss').get('[data-testid="rule-limit"]');
    await limit.setValue('250');
    expect(limit.attributes('aria-invalid')).toBe('true');
    expect(rule('high-loss').text()).toContain('Enter 0.5 to 100 %.');
    await watch(0, 6, { packetsLostRatio: 0.08 });
    expect(all()).toHaveLength(1);
    await limit.setValue('20');
    expect(limit.attributes('aria-invalid')).toBe('false');
    await watch(0, 6, { packetsLostRatio: 0.08 });
    expect(all()).toHaveLength(0);
  });
});
