import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { addProcessMetrics } from './process-metrics';

const LAG = /^sightline_event_loop_lag_seconds\{/mu;

test('the event loop is watched only for those who ask for figures', async () => {
  const registry = new Registry();
  onTestFinished(addProcessMetrics(registry));
  const witness = monitorEventLoopDelay({ resolution: 20 });
  witness.enable();
  onTestFinished(() => void witness.disable());
  await expect.poll(() => witness.max).toBeGreaterThan(0);
  expect(await registry.metrics()).not.toMatch(LAG);
  await expect.poll(() => registry.metrics()).toMatch(LAG);
});
