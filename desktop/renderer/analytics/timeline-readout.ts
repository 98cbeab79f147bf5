import type { StreamTimeline } from '../statistics/session-timeline';
import { historyWords as said } from '../wording/history-words';

/**
 * What was of a stream at a moment, in words.
 * @param until end of the session, or now.
 */
export function readoutAt(stream: StreamTimeline, at: number, until: number): string {
  const span = stream.states.find(({ from, to }) => from <= at && at < (to ?? until));
  const { timeline } = said;
  if (span === undefined) return timeline.readout(stream.label, at, timeline.absent);
  const quality = stream.qualities.find(({ from, to }) => from <= at && at < to);
  const what =
    span.state === 'live' && quality !== undefined
      ? timeline.liveWith(quality.level, quality.height)
      : timeline.state(span.state);
  return timeline.readout(stream.label, at, what);
}
