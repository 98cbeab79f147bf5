/** Streams without a network: what a test says of them is what the console sees. */
import { createNanoEvents } from 'nanoevents';
import type { StreamInfo, StreamRemovedReason } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { SubscriberState } from '../../../signal/rtc/subscriber';
import type { SamplePoller, StreamSource, WatchedSubscriber } from '../streams/stream-registry';

/** The id of a test's n-th stream. */
export function streamIdOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** A stream that is all right. */
export function streamInfo(index: number, change: Partial<StreamInfo> = {}): StreamInfo {
  return {
    streamId: streamIdOf(index),
    label: `Camera ${index}`,
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    connection: 'connected',
    viewerCount: 1,
    startedAt: 0,
    ...change,
  };
}

/** A sample of a moving picture, without any figure. */
export function movingSample(change: Partial<StreamSample> = {}): StreamSample {
  return {
    takenAt: performance.now(),
    isPictureMoving: true,
    packetsArrive: true,
    pictureStoppedForMs: 0,
    ...change,
  };
}

/** A subscriber that does what it is told. */
export class FakeSubscriber implements WatchedSubscriber {
  readonly #events = createNanoEvents<{
    stateChanged: (state: SubscriberState) => void;
    mediaChanged: (media: MediaStream) => void;
  }>();
  state: SubscriberState = 'connecting';
  media: MediaStream | undefined;

  getStats(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  on(event: 'stateChanged', listener: (state: SubscriberState) => void): () => void;
  on(event: 'mediaChanged', listener: (media: MediaStream) => void): () => void;
  on(
    ...[event, listener]:
      | ['stateChanged', (state: SubscriberState) => void]
      | ['mediaChanged', (media: MediaStream) => void]
  ): () => void {
    return event === 'stateChanged'
      ? this.#events.on(event, listener)
      : this.#events.on(event, listener);
  }

  setState(state: SubscriberState): void {
    this.state = state;
    this.#events.emit('stateChanged', state);
  }

  setMedia(media: MediaStream): void {
    this.media = media;
    this.#events.emit('mediaChanged', media);
  }

  /** Listeners left; 0 once everybody has let go. */
  get listenerCount(): number {
    return Object.values(this.#events.events).flat().length;
  }
}

type Watched = StreamSource['streams'][number];

interface SourceEvents {
  streamAdded: (stream: Watched) => void;
  streamChanged: (stream: Watched) => void;
  streamRemoved: (info: StreamInfo, reason: StreamRemovedReason) => void;
}

/** A source of streams. */
export class FakeStreamSource implements StreamSource {
  readonly #events = createNanoEvents<SourceEvents>();
  readonly #streams = new Map<string, Watched>();

  get streams(): readonly Watched[] {
    return [...this.#streams.values()];
  }

  on<E extends keyof SourceEvents>(event: E, listener: SourceEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Adds a stream, or changes the one there is. */
  put(info: StreamInfo, subscriber?: WatchedSubscriber): void {
    const event = this.#streams.has(info.streamId) ? 'streamChanged' : 'streamAdded';
    const stream = { info, subscriber };
    this.#streams.set(info.streamId, stream);
    this.#events.emit(event, stream);
  }

  remove(info: StreamInfo, reason: StreamRemovedReason): void {
    this.#streams.delete(info.streamId);
    this.#events.emit('streamRemoved', info, reason);
  }

  get listenerCount(): number {
    return Object.values(this.#events.events).flat().length;
  }
}

/** Samples when the test says so. */
export class FakePoller implements SamplePoller {
  readonly #listeners = new Map<WatchedSubscriber, (sample: StreamSample) => void>();

  add(source: WatchedSubscriber, listener: (sample: StreamSample) => void): () => void {
    this.#listeners.set(source, listener);
    return () => this.#listeners.delete(source);
  }

  sample(source: WatchedSubscriber, sample: StreamSample): void {
    this.#listeners.get(source)?.(sample);
  }

  get sourceCount(): number {
    return this.#listeners.size;
  }
}
