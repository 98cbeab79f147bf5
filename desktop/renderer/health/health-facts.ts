/** What health, alerts and diagnosis are judged by: plain facts of one stream at one moment. */
import type { CaptureFacts } from '../../../signal/protocol/messages';
import type { SenderSample } from '../../../signal/rtc/stats/sender-sample';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { TileStateName } from '../streams/tile-state';
import type { Luma } from './luma';

/** What the sound was over the last seconds, by the levels that come with its packets. */
export interface SoundFacts {
  /** Time since it was last louder than silence, in milliseconds. */
  readonly silentForMs: number;
  /** Part of the last seconds at which it was as loud as can be, 0 to 1. */
  readonly clippedRatio: number;
}

/** What the phone tells of itself; a `Telemetry` message fits. */
export interface PhoneTelemetry {
  readonly sending: SenderSample;
  readonly phone: { readonly batteryLevel?: number; readonly isCharging?: boolean };
}

/** The newest that is known; undefined is unknown, and nothing is concluded from it. */
export interface HealthFacts {
  readonly state: TileStateName;
  readonly capture: CaptureFacts;
  /** False while this console itself asked for no picture: then its absence is no trouble. */
  readonly isPictureWanted: boolean;
  readonly sample: StreamSample | undefined;
  readonly telemetry: PhoneTelemetry | undefined;
  /** Pictures a second that this console asked for at most. */
  readonly maxFramerate: number | undefined;
  /** Bits a second that the phone may use for this console's picture, where it told. */
  readonly maxBitrateBps?: number | undefined;
  /** How much smaller than captured this console asked for the picture, where the phone told. */
  readonly scaleResolutionDownBy?: number | undefined;
  readonly latencyMs: number | undefined;
  readonly luma: Luma | undefined;
  readonly sound: SoundFacts | undefined;
}
