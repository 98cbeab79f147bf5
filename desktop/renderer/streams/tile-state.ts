/**
 * What a tile says of its stream: one pure function. The picture decides first: while frames
 * arrive the tile is live, whatever signaling says. Only when they stop does the rest matter.
 */
import type {
  CaptureFacts,
  StreamInfo,
  StreamRemovedReason,
} from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { SubscriberState } from '../../../signal/rtc/subscriber';

export type TileStateName = 'connecting' | 'live' | 'reconnecting' | 'frozen' | 'ended';

/** Why a tile is in its state; `wording.ts` has the words. */
export type TileCause =
  | 'picture-moving'
  | 'waiting-for-picture'
  | 'publisher-away'
  | 'media-lost'
  | 'no-packets'
  | 'no-frames'
  | `capture-${Exclude<CaptureFacts['state'], 'active'>}`
  | `removed-${StreamRemovedReason}`;

export interface TileState {
  readonly name: TileStateName;
  readonly cause: TileCause;
}

/** Everything the state depends on. Times are `performance.now()`, in milliseconds. */
export interface TileFacts {
  readonly info: StreamInfo;
  /** Set when the stream has left the wall. */
  readonly removed: StreamRemovedReason | undefined;
  /** Undefined while nobody subscribes. */
  readonly subscriberState: SubscriberState | undefined;
  /** The last sample of the present session. */
  readonly sample: StreamSample | undefined;
  /** Whether this tile ever showed a picture, on any connection. */
  readonly hasHadPicture: boolean;
  /** When the video element last reported a first frame of a connection. */
  readonly pictureShownAt: number | undefined;
  /**
   * Since when this console wants to see the picture, by the same clock. Undefined while it does
   * not: the phone then sends none on purpose, and a still picture means nothing.
   */
  readonly pictureWantedSince: number | undefined;
  readonly now: number;
}

/** A picture that stands still for less is a hiccup, not a state: milliseconds. */
export const STILL_LIMIT_MS = 3_000;

/** Samples come each second; one older than this says nothing of now: milliseconds. */
export const SAMPLE_VALID_MS = 2_500;

/** See the head of this file. */
export function tileStateOf(facts: TileFacts): TileState {
  const { info, removed, subscriberState, sample } = facts;
  if (removed !== undefined) return { name: 'ended', cause: `removed-${removed}` };
  if (isMoving(facts)) return { name: 'live', cause: 'picture-moving' };

  const capture = info.capture.state;
  const captureCause = capture === 'active' ? undefined : (`capture-${capture}` as const);
  if (info.connection === 'reconnecting') {
    return { name: 'reconnecting', cause: captureCause ?? 'publisher-away' };
  }
  if (!facts.hasHadPicture && subscriberState !== 'reconnecting') {
    return { name: 'connecting', cause: captureCause ?? 'waiting-for-picture' };
  }
  if (subscriberState !== 'connected') return { name: 'reconnecting', cause: 'media-lost' };
  if (captureCause !== undefined) return { name: 'frozen', cause: captureCause };
  // A rebuilt connection has no sample yet: the old picture stands until the new one comes.
  if (sample === undefined) return { name: 'reconnecting', cause: 'media-lost' };
  if (missingForMs(facts, sample) < STILL_LIMIT_MS)
    return { name: 'live', cause: 'picture-moving' };
  if (sample.packetsArrive) return { name: 'frozen', cause: 'no-frames' };
  return { name: 'reconnecting', cause: 'no-packets' };
}

/** How long a picture has been missing that was wanted, in milliseconds. */
function missingForMs({ pictureWantedSince, now }: TileFacts, sample: StreamSample): number {
  if (pictureWantedSince === undefined) return 0;
  return Math.min(sample.pictureStoppedForMs, now - pictureWantedSince);
}

/**
 * By the last sample, as long as it is fresh. While the connection stands an old one still counts:
 * the sampler is late then, not the picture. Before the first sample the video element's word does.
 */
function isMoving(facts: TileFacts): boolean {
  const { sample, pictureShownAt, subscriberState, now } = facts;
  if (sample === undefined) {
    return pictureShownAt !== undefined && now - pictureShownAt < SAMPLE_VALID_MS;
  }
  if (pictureShownAt !== undefined && pictureShownAt >= sample.takenAt) return true;
  const isFresh = subscriberState === 'connected' || now - sample.takenAt < SAMPLE_VALID_MS;
  return sample.isPictureMoving && isFresh;
}
