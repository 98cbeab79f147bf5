/** What is made once in `main.ts` and handed down to components. */
import { inject, type InjectionKey } from 'vue';
import type { HistorySources } from './analytics/use-session';
import type { TileSenses } from './health/tile-senses';
import type { Host } from './host/host';
import type { PhoneControls } from './quality/phone-controls';
import type { TileViewports } from './quality/tile-viewports';
import type { ControlRoom } from './server/control-room';
import type { StreamMonitor } from './statistics/stream-monitor';
import type { StreamRegistry } from './streams/stream-registry';

/** Media by stream id. */
export const registryKey: InjectionKey<Pick<StreamRegistry, 'mediaOf' | 'pictureShown' | 'on'>> =
  Symbol('stream registry');

/** What is known of every stream, second by second. */
export const monitorKey: InjectionKey<
  Pick<
    StreamMonitor,
    'on' | 'addVideo' | 'note' | 'ringOf' | 'snapshotOf' | 'reportOf' | 'hold' | 'alerts'
  >
> = Symbol('stream monitor');

/** What is seen and heard of each tile. */
export const sensesKey: InjectionKey<Pick<TileSenses, 'addPicture' | 'addMeter'>> =
  Symbol('tile senses');

/** Quality follows the elements given here. */
export const viewportsKey: InjectionKey<Pick<TileViewports, 'add'>> = Symbol('tile viewports');

/** Wishes for quality, and commands to phones. */
export const phoneControlsKey: InjectionKey<Pick<PhoneControls, 'setQuality' | 'command'>> =
  Symbol('phone controls');

/** What was recorded of the wall, now and before. */
export const historyKey: InjectionKey<HistorySources> = Symbol('history');

/** Trying again after a failure, letting oneself in by a key, and being in charge. */
export const controlRoomKey: InjectionKey<Pick<ControlRoom, 'retry' | 'useKey' | 'command'>> =
  Symbol('control room');

/** What the place the console runs in can do. */
export const hostKey: InjectionKey<Pick<Host, 'serverSwitch'>> = Symbol('host');

/**
 * Takes what was provided.
 * @throws Error when nothing was: a component is used outside the app.
 */
export function injected<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (value === undefined) throw new Error(`Nothing is provided for ${String(key)}`);
  return value;
}
