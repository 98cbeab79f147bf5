/** Which figures of a second are kept, from their sources. */
import type { LatencyEstimate } from '../../../signal/rtc/stats/latency-estimate';
import type { SenderSample } from '../../../signal/rtc/stats/sender-sample';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import { RING_COLUMNS, type RingColumn, type RingFigures } from './stats-ring';

/** One second of one stream; undefined is unknown. */
export interface SecondOfStream {
  readonly sample: StreamSample | undefined;
  readonly sending: SenderSample | undefined;
  readonly latency: LatencyEstimate | undefined;
  readonly soundLevel: number | undefined;
}

/** The figures to keep of a second. */
export function ringFigures({ sample, sending, latency, soundLevel }: SecondOfStream): RingFigures {
  const all: Partial<Record<RingColumn, number | undefined>> = {
    ...sample,
    sentFramesPerSecond: sending?.framesPerSecond,
    sentHeight: sending?.height,
    sentBitrateBps: sending?.videoBitrateBps,
    availableOutgoingBitrateBps: sending?.availableOutgoingBitrateBps,
    encodeMs: sending?.encodeMs,
    latencyMs: latency?.latencyMs,
    latencyErrorMs: latency?.errorMs,
    soundLevel,
  };
  const figures: Partial<Record<RingColumn, number>> = {};
  for (const name of RING_COLUMNS) {
    const value = all[name];
    if (value !== undefined) figures[name] = value;
  }
  return figures;
}
