/**
 * Records what happens on the wall: at once in memory, for the page to show, and every ten seconds
 * in the history, so that a crash costs no more. A session begins with the first stream and ends
 * with the page; one that lasts longer than a day goes on as another, which bounds its memory.
 *
 * Times are those of the page's steady clock: a computer whose time is set moves nothing.
 */
import type { StreamInfo } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { StreamRegistry } from '../streams/stream-registry';
import type { TileState } from '../streams/tile-state';
import { eventKindsOf, type HistoryEvent, type HistoryEventKind } from './history-events';
import { HistoryThinner, THINNED_MS, type HistorySample } from './history-thinner';
import type { SessionHistory, SessionRecord } from './session-history';
import { SessionTimeline } from './session-timeline';
import type { StreamMonitor } from './stream-monitor';

/** A session longer than this goes on as another, in milliseconds: 24 hours. */
const MAX_SESSION_MS = 24 * 60 * 60 * 1_000;

const ID_BYTES = 12;

/** The session that goes on. */
export interface LiveSession {
  readonly sessionId: string;
  readonly startedAt: number;
  readonly timeline: SessionTimeline;
}

interface Open extends LiveSession {
  readonly thinner: HistoryThinner;
  readonly timer: ReturnType<typeof setInterval>;
  samples: HistorySample[];
  events: HistoryEvent[];
}

export interface SessionRecorderOptions {
  readonly registry: Pick<StreamRegistry, 'on'>;
  readonly monitor: Pick<StreamMonitor, 'snapshotOf'>;
  readonly history: Pick<SessionHistory, 'write'>;
  /** Milliseconds since the epoch that never go back. */
  readonly now?: () => number;
}

/** See the head of this file. */
export class SessionRecorder {
  readonly #monitor: SessionRecorderOptions['monitor'];
  readonly #history: SessionRecorderOptions['history'];
  readonly #now: () => number;
  readonly #stops: readonly (() => void)[];
  /** Streams on the wall. */
  readonly #streams = new Map<string, { readonly info: StreamInfo; readonly state: TileState }>();
  #open: Open | undefined;

  constructor({ registry, monitor, history, now }: SessionRecorderOptions) {
    this.#monitor = monitor;
    this.#history = history;
    this.#now = now ?? (() => performance.timeOrigin + performance.now());
    this.#stops = [
      registry.on('stateChanged', (info, state, before) => this.#onState(info, state, before)),
      registry.on('sampled', (info, sample) => this.#onSample(info, sample)),
      registry.on('left', (streamId) => this.#onLeft(streamId)),
    ];
  }

  /** The session that goes on; undefined before the first stream. */
  get session(): LiveSession | undefined {
    return this.#open;
  }

  /** The time by the clock of all recorded times. */
  now(): number {
    return this.#now();
  }

  /** Ends the session, for the page closes; the next event begins another. */
  end(): void {
    const open = this.#open;
    if (open === undefined) return;
    clearInterval(open.timer);
    for (const streamId of this.#streams.keys()) keep(open, open.thinner.end(streamId));
    this.#open = undefined;
    this.#write(open, this.#now());
  }

  /** Begins anew with what is on the wall now; what was recorded of this session is forgotten here. */
  restart(): void {
    const open = this.#open;
    if (open === undefined) return;
    clearInterval(open.timer);
    this.#open = undefined;
    this.#resume();
  }

  /** Ends the session and listens no more. Idempotent. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.end();
    this.#streams.clear();
  }

  #begin(): Open {
    const open: Open = {
      sessionId: randomId(),
      startedAt: this.#now(),
      timeline: new SessionTimeline(),
      thinner: new HistoryThinner(),
      timer: setInterval(() => this.#flush(), THINNED_MS),
      samples: [],
      events: [],
    };
    this.#open = open;
    return open;
  }

  /** Tells a new session of the streams that are there already. */
  #resume(): void {
    for (const { info, state } of this.#streams.values()) this.#tell(info, state, undefined);
  }

  #flush(): void {
    const open = this.#open;
    if (open === undefined) return;
    if (this.#now() - open.startedAt < MAX_SESSION_MS) {
      this.#write(open);
      return;
    }
    this.end();
    this.#resume();
  }

  #write(open: Open, endedAt?: number): void {
    const { sessionId, startedAt, timeline, samples, events } = open;
    const session: SessionRecord = {
      sessionId,
      startedAt,
      aliveAt: this.#now(),
      ...(endedAt === undefined ? {} : { endedAt }),
      streamCount: timeline.streams.length,
    };
    open.samples = [];
    open.events = [];
    // It never fails: it says itself when nothing is kept.
    void this.#history.write({ session, samples, events });
  }

  #onState(info: StreamInfo, state: TileState, before: TileState | undefined): void {
    this.#tell(info, state, before);
    if (state.name === 'ended') this.#streams.delete(info.streamId);
    else this.#streams.set(info.streamId, { info, state });
  }

  #tell(info: StreamInfo, state: TileState, before: TileState | undefined): void {
    for (const kind of eventKindsOf(state, before)) this.#add(info, kind, state);
  }

  #add({ streamId, label }: StreamInfo, kind: HistoryEventKind, state?: TileState): void {
    const open = this.#open ?? this.#begin();
    const cause = state === undefined || kind === 'joined' ? undefined : state.cause;
    const event: HistoryEvent = {
      streamId,
      label,
      at: this.#now(),
      kind,
      ...(cause === undefined ? {} : { cause }),
    };
    if (kind === 'ended') keep(open, open.thinner.end(streamId));
    open.timeline.addEvent(event);
    open.events.push(event);
  }

  #onSample({ streamId }: StreamInfo, sample: StreamSample): void {
    const open = this.#open;
    const snapshot = this.#monitor.snapshotOf(streamId);
    if (open === undefined || snapshot === undefined || !this.#streams.has(streamId)) return;
    const { latency, health } = snapshot;
    const second = { sample, latencyMs: latency?.latencyMs, health: health.level };
    keep(open, open.thinner.add(streamId, this.#now(), second));
  }

  /** A stream that leaves without an end: this console has turned to another server, or closes. */
  #onLeft(streamId: string): void {
    const known = this.#streams.get(streamId);
    if (known === undefined) return;
    this.#streams.delete(streamId);
    if (this.#open !== undefined) this.#add(known.info, 'ended');
  }
}

function keep(open: Open, sample: HistorySample | undefined): void {
  if (sample === undefined) return;
  open.timeline.addSample(sample);
  open.samples.push(sample);
}

/** `crypto.randomUUID` is for secure pages only; consoles may be on others. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
