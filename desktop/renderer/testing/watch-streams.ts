/** Streams that are watched without a page: what statistics are tested over. */
import { createPinia } from 'pinia';
import { onTestFinished } from 'vitest';
import { AlertEngine } from '../health/alert-engine';
import { defaultAlertSettings } from '../health/alert-settings';
import { StreamMonitor } from '../statistics/stream-monitor';
import { StreamRegistry } from '../streams/stream-registry';
import { useWallStore } from '../streams/wall-store';
import { FakePoller, FakeStreamSource, FakeSubscriber, streamInfo } from './fake-streams';

/** What a test moves streams by. */
export interface WatchedStreams {
  readonly poller: FakePoller;
  readonly source: FakeStreamSource;
  readonly registry: StreamRegistry;
  readonly monitor: StreamMonitor;
  /** Lets a stream come, connected. */
  join(index?: number): FakeSubscriber;
}

/** A registry and its monitor over fakes; they close when the test ends. */
export function watchStreams(): WatchedStreams {
  const poller = new FakePoller();
  const source = new FakeStreamSource();
  const registry = new StreamRegistry({ wall: useWallStore(createPinia()), poller });
  const monitor = new StreamMonitor({ registry, alerts: new AlertEngine(defaultAlertSettings) });
  registry.attach(source);
  onTestFinished(() => {
    monitor.close();
    registry.close();
  });
  return {
    poller,
    source,
    registry,
    monitor,
    join(index = 1) {
      const subscriber = new FakeSubscriber();
      source.put(streamInfo(index), subscriber);
      subscriber.setState('connected');
      return subscriber;
    },
  };
}
