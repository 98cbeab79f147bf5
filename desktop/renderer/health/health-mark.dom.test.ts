import { afterEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import StreamTile from '../streams/StreamTile.vue';
import { FakeSubscriber, movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { mountConsole, type MountedConsole } from '../testing/mount-console';

const rect = { x: 0, y: 0, width: 640, height: 360 };
let mounted: MountedConsole | undefined;
let subscriber: FakeSubscriber;

afterEach(() => mounted?.close());

function mountTile(): MountedConsole {
  subscriber = new FakeSubscriber();
  mounted = mountConsole(StreamTile, {
    props: { streamId: streamIdOf(1), rect, isCurrent: true },
    prepare: ({ source }) => source.put(streamInfo(1, { label: 'Stage left' }), subscriber),
  });
  subscriber.setState('connected');
  return mounted;
}

async function sampleAt(
  second: number,
  change: Parameters<typeof movingSample>[0] = {},
): Promise<void> {
  mounted!.poller.sample(subscriber, movingSample({ takenAt: second * 1_000, ...change }));
  await nextTick();
}

describe('the mark of health', () => {
  it('names what is wrong, in a shape, in words and to screen readers', async () => {
    const { wrapper } = mountTile();
    await sampleAt(1);
    const mark = () => wrapper.get('[data-testid="tile-health"]');
    expect(mark().attributes('data-level')).toBe('good');
    const shape = mark().get('path').attributes('d');
    for (let second = 2; second < 8; second += 1) await sampleAt(second, { packetsLostRatio: 0.2 });
    expect(mark().attributes()).toMatchObject({ 'data-level': 'fair', 'data-reason': 'high-loss' });
    expect(mark().text()).toBe('Fair: Packets are lost');
    expect(mark().get('path').attributes('d')).not.toBe(shape);
    expect(wrapper.get('[data-testid="tile"]').attributes('aria-label')).toContain(
      'fair: packets are lost',
    );
  });

  it('is quieter once somebody has acknowledged it', async () => {
    const { wrapper, monitor } = mountTile();
    for (let second = 1; second < 8; second += 1) await sampleAt(second, { isRelayed: true });
    const mark = () => wrapper.get('[data-testid="tile-health"]');
    expect(mark().classes()).not.toContain('seen');
    const [alert] = monitor.alerts.alertsOf(streamIdOf(1));
    monitor.alerts.acknowledge(alert!.alertId);
    await sampleAt(8, { isRelayed: true });
    expect(mark().classes()).toContain('seen');
  });

  it('has the age of the picture as an estimate, for people and for programs', async () => {
    const { wrapper } = mountTile();
    await sampleAt(1, { roundTripTimeMs: 20, processingMs: 30 });
    const stats = wrapper.get('[data-testid="tile-stats"]');
    expect(Number(stats.attributes('data-latency-ms'))).toBeGreaterThan(30);
    expect(Number(stats.attributes('data-latency-error-ms'))).toBeGreaterThan(0);
    expect(wrapper.get('[data-testid="tile-latency"]').text()).toMatch(/≈ \d+ ms ± \d+/u);
    await sampleAt(2);
    expect(stats.attributes('data-latency-ms')).toBeUndefined();
    expect(wrapper.find('[data-testid="tile-latency"]').exists()).toBe(false);
  });
});
