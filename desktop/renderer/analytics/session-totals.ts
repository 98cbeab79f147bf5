/** What a session comes to: pure functions of its timeline. Times in milliseconds. */
import type { StateSpan, StreamTimeline } from '../statistics/session-timeline';

/** What one stream comes to. */
export interface StreamTotals {
  readonly streamId: string;
  readonly label: string;
  readonly joinedAt: number;
  /** Undefined while it is on the wall. */
  readonly endedAt: number | undefined;
  readonly liveMs: number;
  /** Undefined until the first sample was taken: what is not known is not 0. */
  readonly receivedBytes: number | undefined;
  readonly drops: number;
  readonly freezes: number;
  /** Outages: drops and freezes until the picture moved again. */
  readonly outageMs: number;
  readonly recoveries: number;
  /** Time of the outages that ended with a picture. */
  readonly recoveryMs: number;
  /** Time on the wall that was poor, or without a picture after its first. */
  readonly troubleMs: number;
}

/** What all streams come to. */
export interface SessionTotals {
  readonly streamCount: number;
  readonly liveMs: number;
  /** Undefined until the first sample was taken: what is not known is not 0. */
  readonly receivedBytes: number | undefined;
  readonly drops: number;
  readonly freezes: number;
  /** Undefined where nothing had to recover. */
  readonly meanRecoveryMs: number | undefined;
  /** Those with trouble, the worst first; three at most. */
  readonly worst: readonly StreamTotals[];
}

const WORST_COUNT = 3;

/** Trouble too short for anybody to care, in milliseconds. */
const MIN_TROUBLE_MS = 1_000;

/**
 * Adds up one stream.
 * @param until end of the session, or now.
 */
export function streamTotals(stream: StreamTimeline, until: number): StreamTotals {
  const { streamId, label, states, receivedBytes } = stream;
  const last = states.at(-1);
  const outages = addOutages(states, until);
  const timeIn = (matches: (span: StateSpan) => boolean): number =>
    states.filter(matches).reduce((sum, span) => sum + lengthOf(span, until), 0);
  const poorMs = stream.qualities
    .filter(({ level }) => level === 'poor')
    .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, until) - from), 0);
  return {
    streamId,
    label,
    joinedAt: states[0]?.from ?? until,
    endedAt: last?.to,
    liveMs: timeIn(({ state }) => state === 'live'),
    receivedBytes,
    drops: entries(states, 'reconnecting'),
    freezes: entries(states, 'frozen'),
    ...outages,
    // A frozen picture is judged poor as well: what is longer covers the other.
    troubleMs: Math.max(outages.outageMs, poorMs),
  };
}

/** Adds up a session. */
export function sessionTotals(streams: readonly StreamTotals[]): SessionTotals {
  const sum = (of: (stream: StreamTotals) => number): number =>
    streams.reduce((all, stream) => all + of(stream), 0);
  const recoveries = sum((stream) => stream.recoveries);
  return {
    streamCount: streams.length,
    liveMs: sum((stream) => stream.liveMs),
    receivedBytes: streams.some((stream) => stream.receivedBytes !== undefined)
      ? sum((stream) => stream.receivedBytes ?? 0)
      : undefined,
    drops: sum((stream) => stream.drops),
    freezes: sum((stream) => stream.freezes),
    meanRecoveryMs: recoveries === 0 ? undefined : sum((stream) => stream.recoveryMs) / recoveries,
    worst: streams
      .filter(({ troubleMs }) => troubleMs >= MIN_TROUBLE_MS)
      .sort((one, other) => other.troubleMs - one.troubleMs)
      .slice(0, WORST_COUNT),
  };
}

function isOut({ state }: StateSpan): boolean {
  return state === 'reconnecting' || state === 'frozen';
}

function lengthOf({ from, to }: StateSpan, until: number): number {
  return Math.max(0, (to ?? until) - from);
}

/** An outage may be a drop, a freeze, or one after the other. */
function addOutages(states: readonly StateSpan[], until: number) {
  let [outageMs, recoveries, recoveryMs, present] = [0, 0, 0, 0];
  for (const span of states) {
    if (isOut(span)) {
      outageMs += lengthOf(span, until);
      present += lengthOf(span, until);
      continue;
    }
    if (span.state === 'live' && present > 0) {
      recoveries += 1;
      recoveryMs += present;
    }
    present = 0;
  }
  return { outageMs, recoveries, recoveryMs };
}

function entries(states: readonly StateSpan[], state: StateSpan['state']): number {
  return states.filter((span) => span.state === state).length;
}
