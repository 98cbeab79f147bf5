import type { AlertEngine } from './health/alert-engine';
import { TileSenses } from './health/tile-senses';
import { useControlStore } from './quality/control-store';
import { PhoneControls } from './quality/phone-controls';
import { TileViewports } from './quality/tile-viewports';
import { StreamMonitor } from './statistics/stream-monitor';
import type { StreamRegistry } from './streams/stream-registry';

/** What sees, hears, judges and asks for the streams of a registry. */
export interface StreamObservers {
  readonly senses: TileSenses;
  readonly controls: PhoneControls;
  readonly viewports: TileViewports;
  readonly monitor: StreamMonitor;
}

/** Makes them in the order in which they have to hear of a second. */
export function observeStreams(registry: StreamRegistry, alerts: AlertEngine): StreamObservers {
  const note: StreamMonitor['note'] = (streamId, findings) => monitor.note(streamId, findings);
  // Both before the monitor, which judges each second by what is noted then.
  const senses = new TileSenses({ registry, note });
  const controls = new PhoneControls({ registry, store: useControlStore(), note });
  const viewports = new TileViewports({
    view: window,
    tell: (streamId, viewport) => controls.setViewport(streamId, viewport),
  });
  const monitor = new StreamMonitor({ registry, alerts });
  return { senses, controls, viewports, monitor };
}
