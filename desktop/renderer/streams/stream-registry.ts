/**
 * Holds what must stay out of reactive state: subscribers, media and samples, by stream id. It
 * writes plain views to the wall's store and keeps every stream at the place where it was first
 * seen, also when it leaves and returns.
 */
import { createNanoEvents } from 'nanoevents';
import type { StreamInfo, StreamRemovedReason } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { ViewerControl } from '../../../signal/rtc/control/viewer-control';
import type { SubscriberState } from '../../../signal/rtc/subscriber';
import { tileStateOf, type TileState } from './tile-state';
import type { WallStore } from './wall-store';

/** How long an ended tile says why before it leaves, in milliseconds. */
export const ENDED_FOR_MS = 4_000;

/** Interval at which states that depend on time are looked at again, in milliseconds. */
const REVIEW_INTERVAL_MS = 1_000;

/** Places remembered for streams that may return; far more than one show has. */
const MAX_REMEMBERED_PLACES = 1_000;

/** What the registry needs of a subscriber; `Subscriber` fits. */
export interface WatchedSubscriber {
  readonly state: SubscriberState;
  readonly media: MediaStream | undefined;
  /** What its phone tells; absent where the phone cannot be asked. */
  readonly control?: Pick<ViewerControl, 'telemetry'>;
  /** Where its sound comes from, with levels; absent where nothing can be heard. */
  getSynchronizationSources?(): RTCRtpSynchronizationSource[];
  getStats(): Promise<RTCStatsReport | undefined>;
  on(event: 'stateChanged', listener: (state: SubscriberState) => void): () => void;
  on(event: 'mediaChanged', listener: (media: MediaStream) => void): () => void;
}

interface Watched {
  readonly info: StreamInfo;
  readonly subscriber: WatchedSubscriber | undefined;
}

/** Where streams come from; `Subscriptions` fits. */
export interface StreamSource {
  readonly streams: readonly Watched[];
  on(event: 'streamAdded' | 'streamChanged', listener: (stream: Watched) => void): () => void;
  on(
    event: 'streamRemoved',
    listener: (info: StreamInfo, reason: StreamRemovedReason) => void,
  ): () => void;
}

/** Who samples; `StatsPoller` fits. */
export interface SamplePoller {
  add(source: WatchedSubscriber, listener: (sample: StreamSample) => void): () => void;
}

interface RegistryEvents {
  mediaChanged: (streamId: string, media: MediaStream | undefined) => void;
  /** `before` is undefined for a stream that is new on the wall. */
  stateChanged: (info: StreamInfo, state: TileState, before: TileState | undefined) => void;
  /** Once a second for each stream that has a session; its tile is up to date by then. */
  sampled: (info: StreamInfo, sample: StreamSample) => void;
  /** The stream's tile has left the wall. */
  left: (streamId: string) => void;
}

export interface StreamRegistryOptions {
  readonly wall: WallStore;
  readonly poller: SamplePoller;
}

interface Entry {
  info: StreamInfo;
  removed: StreamRemovedReason | undefined;
  removedAt: number;
  subscriber: WatchedSubscriber | undefined;
  release: () => void;
  media: MediaStream | undefined;
  sample: StreamSample | undefined;
  hasHadPicture: boolean;
  pictureShownAt: number | undefined;
  pictureWantedSince: number | undefined;
  state: TileState | undefined;
}

/** See the head of this file. */
export class StreamRegistry {
  readonly #wall: WallStore;
  readonly #poller: SamplePoller;
  readonly #events = createNanoEvents<RegistryEvents>();
  readonly #entries = new Map<string, Entry>();
  /** Every stream seen, to its place; kept when the stream leaves. */
  readonly #places = new Map<string, number>();
  #nextPlace = 0;
  #detachSource: () => void = () => undefined;
  #reviewTimer: ReturnType<typeof setInterval> | undefined;

  constructor({ wall, poller }: StreamRegistryOptions) {
    this.#wall = wall;
    this.#poller = poller;
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof RegistryEvents>(event: E, listener: RegistryEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Shows the streams of a source, and of no other: the ones before leave at once. */
  attach(source: StreamSource): void {
    this.close();
    const stops = [
      source.on('streamAdded', (stream) => this.#take(stream)),
      source.on('streamChanged', (stream) => this.#take(stream)),
      source.on('streamRemoved', ({ streamId }, reason) => this.#end(streamId, reason)),
    ];
    this.#detachSource = () => {
      for (const stop of stops) stop();
    };
    this.#reviewTimer = setInterval(() => this.#review(), REVIEW_INTERVAL_MS);
    for (const stream of source.streams) this.#take(stream);
  }

  /** What a stream's video element plays; undefined before its first track. */
  mediaOf(streamId: string): MediaStream | undefined {
    return this.#entries.get(streamId)?.media;
  }

  /** Who watches a stream now; undefined between sessions. */
  subscriberOf(streamId: string): WatchedSubscriber | undefined {
    return this.#entries.get(streamId)?.subscriber;
  }

  /** A video element shows a picture, or another size of it; samples would tell up to 1 s later. */
  pictureShown(streamId: string, width: number, height: number): void {
    const entry = this.#entries.get(streamId);
    if (entry === undefined) return;
    this.#wall.setPictureSize(streamId, width, height);
    entry.hasHadPicture = true;
    entry.pictureShownAt = performance.now();
    this.#show(entry);
  }

  /** Whether a picture is to be seen; while it is not, nothing is wrong with a still one. */
  setPictureWanted(streamId: string, isWanted: boolean): void {
    const entry = this.#entries.get(streamId);
    if (entry === undefined || isWanted === (entry.pictureWantedSince !== undefined)) return;
    entry.pictureWantedSince = isWanted ? performance.now() : undefined;
    this.#show(entry);
  }

  /** Lets go of the source and empties the wall; may be attached again. Idempotent. */
  close(): void {
    clearInterval(this.#reviewTimer);
    this.#detachSource();
    this.#detachSource = () => undefined;
    for (const streamId of [...this.#entries.keys()]) this.#drop(streamId);
  }

  #take({ info, subscriber }: Watched): void {
    const entry = this.#entries.get(info.streamId) ?? this.#enter(info);
    entry.info = info;
    entry.removed = undefined;
    if (subscriber !== entry.subscriber) this.#follow(entry, subscriber);
    this.#show(entry);
  }

  #enter(info: StreamInfo): Entry {
    const entry: Entry = {
      info,
      removed: undefined,
      removedAt: 0,
      subscriber: undefined,
      release: () => undefined,
      media: undefined,
      sample: undefined,
      hasHadPicture: false,
      pictureShownAt: undefined,
      pictureWantedSince: -Infinity,
      state: undefined,
    };
    const { streamId } = info;
    if (!this.#places.has(streamId)) {
      this.#places.set(streamId, this.#nextPlace);
      this.#nextPlace += 1;
    }
    this.#entries.set(streamId, entry);
    this.#forgetOldPlaces();
    this.#show(entry);
    const placeOf = (id: string): number => this.#places.get(id) ?? 0;
    this.#wall.setOrder([...this.#entries.keys()].sort((a, b) => placeOf(a) - placeOf(b)));
    return entry;
  }

  #follow(entry: Entry, subscriber: WatchedSubscriber | undefined): void {
    entry.release();
    entry.subscriber = subscriber;
    entry.sample = undefined;
    entry.pictureShownAt = undefined;
    if (subscriber === undefined) {
      entry.release = () => undefined;
      return;
    }
    const stops = [
      subscriber.on('stateChanged', () => this.#show(entry)),
      subscriber.on('mediaChanged', (media) => this.#setMedia(entry, media)),
      this.#poller.add(subscriber, (sample) => {
        entry.sample = sample;
        if (sample.isPictureMoving) entry.hasHadPicture = true;
        this.#show(entry);
        this.#events.emit('sampled', entry.info, sample);
      }),
    ];
    entry.release = () => {
      for (const stop of stops) stop();
    };
    // Without media yet, the last picture of the session before stays.
    if (subscriber.media !== undefined) this.#setMedia(entry, subscriber.media);
  }

  #setMedia(entry: Entry, media: MediaStream | undefined): void {
    entry.media = media;
    this.#events.emit('mediaChanged', entry.info.streamId, media);
  }

  #end(streamId: string, reason: StreamRemovedReason): void {
    const entry = this.#entries.get(streamId);
    if (entry === undefined) return;
    this.#follow(entry, undefined);
    entry.removed = reason;
    entry.removedAt = performance.now();
    this.#show(entry);
  }

  #drop(streamId: string): void {
    const entry = this.#entries.get(streamId);
    if (entry === undefined) return;
    entry.release();
    this.#entries.delete(streamId);
    this.#wall.remove(streamId);
    this.#setMedia(entry, undefined);
    this.#events.emit('left', streamId);
  }

  #review(): void {
    const now = performance.now();
    for (const [streamId, entry] of this.#entries) {
      if (entry.removed !== undefined && now - entry.removedAt >= ENDED_FOR_MS)
        this.#drop(streamId);
      else if (!isSame(this.#stateOf(entry), entry.state)) this.#show(entry);
    }
  }

  #show(entry: Entry): void {
    const before = entry.state;
    const state = this.#stateOf(entry);
    entry.state = state;
    this.#wall.put({ info: entry.info, state, sample: entry.sample });
    if (!isSame(state, before)) this.#events.emit('stateChanged', entry.info, state, before);
  }

  #stateOf(entry: Entry): TileState {
    const subscriberState = entry.subscriber?.state;
    return tileStateOf({ ...entry, subscriberState, now: performance.now() });
  }

  #forgetOldPlaces(): void {
    for (const streamId of this.#places.keys()) {
      if (this.#places.size <= MAX_REMEMBERED_PLACES) return;
      if (!this.#entries.has(streamId)) this.#places.delete(streamId);
    }
  }
}

function isSame(a: TileState, b: TileState | undefined): boolean {
  return a.name === b?.name && a.cause === b.cause;
}
