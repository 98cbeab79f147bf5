/**
 * What the console itself sees and hears of each tile: brightness of the picture, level of the sound.
 * Both are noted for the monitor, and the levels painted. Made before the monitor, so that its notes
 * of a second are there when the monitor judges that second.
 */
import type { StreamInfo } from '../../../signal/protocol/messages';
import { MeterBoard } from '../meters/meter-board';
import type { Findings } from '../statistics/stream-monitor';
import type { StreamRegistry, WatchedSubscriber } from '../streams/stream-registry';
import { LumaSampler } from './luma-sampler';
import { SoundMeters } from './sound-meters';

export interface TileSensesOptions {
  readonly registry: Pick<StreamRegistry, 'on' | 'subscriberOf'>;
  readonly note: (streamId: string, findings: Findings) => void;
}

/** The sound of one stream, and from whom it comes. */
interface Heard {
  readonly subscriber: WatchedSubscriber;
  readonly stop: () => void;
}

/** See the head of this file. */
export class TileSenses {
  readonly #options: TileSensesOptions;
  readonly #board = new MeterBoard();
  readonly #luma: LumaSampler;
  readonly #meters: SoundMeters;
  readonly #heard = new Map<string, Heard>();
  readonly #stops: readonly (() => void)[];

  constructor(options: TileSensesOptions) {
    this.#options = options;
    this.#luma = new LumaSampler((streamId, luma) => options.note(streamId, { luma }));
    this.#meters = new SoundMeters((levels) => this.#board.paint(levels, performance.now()));
    this.#stops = [
      options.registry.on('sampled', (info) => this.#hear(info)),
      options.registry.on('left', (streamId) => this.#stopHearing(streamId)),
    ];
  }

  /** Looks at the picture of a tile once a second, while it can be seen; returns the way to stop. */
  addPicture(streamId: string, video: HTMLVideoElement): () => void {
    const stop = this.#luma.add(streamId, { video, isShown: () => isShown(video) });
    return () => {
      stop();
      this.#options.note(streamId, { luma: undefined });
    };
  }

  /** Paints the meter of a tile; returns the way to stop. */
  addMeter(streamId: string, element: HTMLElement, bar: HTMLElement): () => void {
    return this.#board.add(streamId, element, bar);
  }

  /** Looks and listens no more. Idempotent. */
  close(): void {
    for (const stop of this.#stops) stop();
    for (const streamId of [...this.#heard.keys()]) this.#stopHearing(streamId);
    this.#luma.close();
    this.#meters.close();
  }

  #hear({ streamId }: StreamInfo): void {
    const subscriber = this.#options.registry.subscriberOf(streamId);
    if (this.#heard.get(streamId)?.subscriber !== subscriber) {
      this.#stopHearing(streamId);
      const source = subscriber?.getSynchronizationSources === undefined ? undefined : subscriber;
      if (source !== undefined) {
        const stop = this.#meters.add(streamId, {
          getSynchronizationSources: () => source.getSynchronizationSources?.() ?? [],
        });
        this.#heard.set(streamId, { subscriber: source, stop });
      }
    }
    const sound = this.#meters.factsOf(streamId);
    this.#options.note(streamId, { sound, soundLevel: this.#meters.levelOf(streamId) });
  }

  #stopHearing(streamId: string): void {
    this.#heard.get(streamId)?.stop();
    this.#heard.delete(streamId);
  }
}

/** Another tile at full screen covers all others. */
function isShown(video: HTMLVideoElement): boolean {
  if (document.visibilityState === 'hidden') return false;
  const { fullscreenElement } = document;
  return !(fullscreenElement instanceof Element) || fullscreenElement.contains(video);
}
