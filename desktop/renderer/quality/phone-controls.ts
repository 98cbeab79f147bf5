/**
 * The console's hand on the phones: what each tile shows, what quality is wanted and what operators
 * ask for goes to the server's subscriptions; what phones answer goes to the store. A wish for
 * quality lasts as long as the page, by stream, also when the stream leaves and returns.
 *
 * It also says which pictures are not wanted now, so that nobody takes a tile that asked for none
 * for a frozen one. Made before the monitor, which judges each second by what is noted then.
 */
import type { CameraCommand, Quality, Viewport } from '../../../signal/protocol/control';
import type { StreamInfo } from '../../../signal/protocol/messages';
import { fail } from '../../../signal/protocol/result';
import type { CommandOutcome, ViewerControl } from '../../../signal/rtc/control/viewer-control';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { Subscriptions } from '../../../signal/rtc/subscriptions';
import type { Findings } from '../statistics/stream-monitor';
import type { StreamRegistry } from '../streams/stream-registry';
import { STILL_LIMIT_MS } from '../streams/tile-state';
import { AUTOMATIC, type ControlStore } from './control-store';

/** Wishes remembered for streams that may return; far more than one show has. */
const MAX_KEPT_QUALITIES = 1_000;

/** What is needed of a server's streams; `Subscriptions` fits. */
export interface ControlSource extends Pick<
  Subscriptions,
  'setViewport' | 'setQuality' | 'command' | 'on'
> {
  readonly streams: readonly {
    readonly info: Pick<StreamInfo, 'streamId'>;
    readonly subscriber:
      { readonly control: Pick<ViewerControl, 'state' | 'camera' | 'applied'> } | undefined;
  }[];
}

export interface PhoneControlsOptions {
  readonly registry: Pick<StreamRegistry, 'on' | 'setPictureWanted'>;
  readonly store: ControlStore;
  readonly note: (streamId: string, findings: Findings) => void;
}

/** See the head of this file. */
export class PhoneControls {
  readonly #options: PhoneControlsOptions;
  readonly #qualities = new Map<string, Quality>();
  /** When each picture began to be wanted again, by `performance.now()`; absent for those that are not. */
  readonly #wantedSince = new Map<string, number>();
  readonly #stops: readonly (() => void)[];
  #source: ControlSource | undefined;
  #detach: () => void = () => undefined;

  constructor(options: PhoneControlsOptions) {
    this.#options = options;
    this.#stops = [
      options.registry.on('sampled', (info, sample) => this.#onSample(info, sample)),
      options.registry.on('left', (streamId) => {
        this.#wantedSince.delete(streamId);
        options.store.remove(streamId);
      }),
    ];
  }

  /** Speaks to the phones of a server, and of no other. */
  attach(source: ControlSource): void {
    const { store } = this.#options;
    this.#detach();
    this.#source = source;
    const stops = [
      source.on('streamAdded', ({ info }) => this.#tellAgain(info.streamId)),
      source.on('controlStateChanged', (streamId, state) => {
        const isGone = state === 'absent';
        store.change(streamId, {
          state,
          ...(isGone ? { camera: undefined, applied: undefined } : {}),
        });
      }),
      source.on('cameraChanged', (streamId, camera) => store.change(streamId, { camera })),
      source.on('qualityApplied', (streamId, applied) => store.change(streamId, { applied })),
    ];
    this.#detach = () => {
      for (const stop of stops) stop();
    };
    // A source that was opened ahead has told some of it already.
    for (const { info, subscriber } of source.streams) {
      if (subscriber === undefined) continue;
      const { state, camera, applied } = subscriber.control;
      store.change(info.streamId, { state, camera, applied });
    }
  }

  /** Tells what a tile shows. */
  setViewport(streamId: string, viewport: Viewport): void {
    this.#options.store.change(streamId, { viewport, quality: this.#qualityOf(streamId) });
    this.#source?.setViewport(streamId, viewport);
    this.#weighPicture(streamId);
  }

  /** Wants another quality of a stream. */
  setQuality(streamId: string, quality: Quality): void {
    this.#qualities.delete(streamId);
    this.#qualities.set(streamId, quality);
    for (const oldest of this.#qualities.keys()) {
      if (this.#qualities.size <= MAX_KEPT_QUALITIES) break;
      this.#qualities.delete(oldest);
    }
    this.#options.store.change(streamId, { quality });
    this.#source?.setQuality(streamId, quality);
    this.#weighPicture(streamId);
  }

  /** Asks a phone for something. Resolves within 2 s, whatever happens. */
  command(streamId: string, command: CameraCommand): Promise<CommandOutcome> {
    return (
      this.#source?.command(streamId, command) ?? Promise.resolve(fail({ reason: 'not-connected' }))
    );
  }

  /** Speaks to nobody any more. Idempotent. */
  close(): void {
    this.#detach();
    this.#source = undefined;
    for (const stop of this.#stops) stop();
  }

  #qualityOf(streamId: string): Quality {
    return this.#qualities.get(streamId) ?? AUTOMATIC;
  }

  /** A stream that came back knows nothing; its tile may be the same as before. */
  #tellAgain(streamId: string): void {
    const quality = this.#qualities.get(streamId);
    const { viewport } = this.#options.store.of(streamId);
    if (quality !== undefined) this.#source?.setQuality(streamId, quality);
    if (viewport !== undefined) this.#source?.setViewport(streamId, viewport);
  }

  /** Pinned, the tile has no say, not even a hidden one. */
  #weighPicture(streamId: string): void {
    const { viewport, quality } = this.#options.store.of(streamId);
    if (viewport === undefined) return;
    const { isVisible, width, height } = viewport;
    const isWanted = quality.isPinned || (isVisible && width > 0 && height > 0);
    this.#options.registry.setPictureWanted(streamId, isWanted);
    if (!isWanted) this.#wantedSince.delete(streamId);
    else if (!this.#wantedSince.has(streamId)) {
      this.#wantedSince.set(streamId, performance.now());
    }
  }

  #onSample({ streamId }: StreamInfo, sample: StreamSample): void {
    const { applied, viewport } = this.#options.store.of(streamId);
    const since = this.#wantedSince.get(streamId);
    // One that is wanted again gets the time to come.
    const isPictureWanted =
      viewport === undefined ||
      (since !== undefined &&
        (sample.isPictureMoving || performance.now() - since > STILL_LIMIT_MS));
    this.#options.note(streamId, {
      isPictureWanted,
      maxFramerate: applied?.requested.maxFramerate,
      maxBitrateBps: applied?.actual.maxBitrateBps,
      scaleResolutionDownBy: applied?.actual.scaleResolutionDownBy,
    });
  }
}
