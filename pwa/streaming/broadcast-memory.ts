/**
 * What a phone remembers: the stream's name for good, and for its tab the stream that is live, so
 * that a reload goes on where it was.
 */
import * as v from 'valibot';
import { randomId } from '../../signal/protocol/random-id';
import { labelSchema } from '../../signal/protocol/fields';

/** Where `storedIdentity` keeps who this tab is. */
export const IDENTITY_KEY = 'sightline.identity';
const LABEL_KEY = 'sightline.label';
const STREAM_KEY = 'sightline.stream-id';
const LIVE_KEY = 'sightline.live';

/**
 * How long after its last sign of life a reloaded tab still goes live by itself, in milliseconds.
 * A phone may drop and restore a tab hours later: a camera must then wait for a tap.
 */
export const RESUME_LIVE_WITHIN_MS = 10 * 60_000;

const liveSchema = v.object({
  sinceMs: v.number(),
  seenAtMs: v.number(),
  isMuted: v.boolean(),
  facing: v.optional(v.picklist(['user', 'environment'])),
});

/** A live stream as its tab remembers it; times are `Date.now()`. */
export type LiveMemory = v.InferOutput<typeof liveSchema>;

/** Reads and writes it. Storage that is full or denied is no error: it is then forgotten. */
export class BroadcastMemory {
  readonly #tab: Storage;
  readonly #device: Storage;
  #streamId: string | undefined;

  /**
   * @param tab `sessionStorage`: survives a reload, is not shared with other tabs.
   * @param device `localStorage`.
   */
  constructor(tab: Storage, device: Storage) {
    this.#tab = tab;
    this.#device = device;
  }

  /** This tab's stream id: the same after a reload, so that its tile keeps its place. */
  get streamId(): string {
    this.#streamId ??= this.#tab.getItem(STREAM_KEY) ?? this.renewStreamId();
    return this.#streamId;
  }

  /** Takes another stream id, for when the old one turned out to be somebody else's. */
  renewStreamId(): string {
    this.#streamId = randomId();
    write(this.#tab, STREAM_KEY, this.#streamId);
    return this.#streamId;
  }

  /** The name last given to a stream on this device. */
  get label(): string | undefined {
    const parsed = v.safeParse(labelSchema, this.#device.getItem(LABEL_KEY));
    return parsed.success ? parsed.output : undefined;
  }

  set label(label: string | undefined) {
    if (label === undefined) this.#device.removeItem(LABEL_KEY);
    else write(this.#device, LABEL_KEY, label);
  }

  /** What was live when this tab was last seen; undefined when nothing was, or too long ago. */
  liveAt(nowMs: number): LiveMemory | undefined {
    const live = readLive(this.#tab);
    const age = nowMs - (live?.seenAtMs ?? -Infinity);
    return age >= 0 && age < RESUME_LIVE_WITHIN_MS ? live : undefined;
  }

  /** Remembers what is live; undefined after a stop. */
  rememberLive(live: LiveMemory | undefined): void {
    if (live === undefined) this.#tab.removeItem(LIVE_KEY);
    else write(this.#tab, LIVE_KEY, JSON.stringify(live));
  }

  /** Makes the next load of this tab somebody new, with a stream of its own. */
  forgetIdentity(): void {
    this.#tab.removeItem(IDENTITY_KEY);
    this.#tab.removeItem(STREAM_KEY);
    this.#tab.removeItem(LIVE_KEY);
  }
}

function readLive(storage: Storage): LiveMemory | undefined {
  try {
    // eslint-disable-next-line no-restricted-syntax -- reads this page's own storage, validated below
    const value: unknown = JSON.parse(storage.getItem(LIVE_KEY) ?? 'null');
    const parsed = v.safeParse(liveSchema, value);
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Not JSON: somebody else wrote it, so nothing was live.
    return undefined;
  }
}

function write(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // Storage is full or denied: a reload then starts afresh, and nothing else is lost.
  }
}
