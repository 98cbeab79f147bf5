/** What can be taken along of a session: pure functions. */
import { csvText } from '../inspector/export-files';
import type { SessionTimeline, StreamTimeline } from '../statistics/session-timeline';
import { sessionTotals, streamTotals } from './session-totals';

/** A session to export. Times are milliseconds since the epoch. */
export interface ExportedSession {
  readonly sessionId: string;
  readonly startedAt: number;
  /** Its end, or now. */
  readonly until: number;
  readonly timeline: SessionTimeline;
}

const COLUMNS = ['camera', 'stream', 'from', 'to', 'seconds', 'kind', 'what', 'detail'];

/** All spans as comma-separated values (RFC 4180): states with their reasons, qualities with heights. */
export function sessionCsv({ timeline, until }: ExportedSession): string {
  const lines = [COLUMNS.join(',')];
  for (const stream of timeline.streams) {
    for (const { from, to, state, cause } of stream.states) {
      lines.push(line(stream, from, to ?? until, ['state', state, cause ?? '']));
    }
    for (const { from, to, level, height } of stream.qualities) {
      const lineCount = height === undefined ? '' : String(height);
      lines.push(line(stream, from, Math.min(to, until), ['quality', level, lineCount]));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Everything, as JSON. */
export function sessionJson(session: ExportedSession, now: Date): string {
  const { timeline, until } = session;
  const totals = timeline.streams.map((stream) => streamTotals(stream, until));
  const content = {
    exportedAt: now.toISOString(),
    sessionId: session.sessionId,
    startedAt: isoTime(session.startedAt),
    until: isoTime(until),
    totals: sessionTotals(totals),
    streams: timeline.streams.map((stream, index) => ({
      ...stream,
      totals: totals[index],
      states: stream.states.map((span) => withTimes(span, span.to ?? until)),
      qualities: stream.qualities.map((span) => withTimes(span, Math.min(span.to, until))),
    })),
    events: timeline.events.map((event) => ({ ...event, at: isoTime(event.at) })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function withTimes<T extends { from: number }>(span: T, to: number) {
  return { ...span, from: isoTime(span.from), to: isoTime(to) };
}

function line(
  { label, streamId }: StreamTimeline,
  from: number,
  to: number,
  rest: readonly string[],
): string {
  const seconds = Math.max(0, (to - from) / 1_000).toFixed(1);
  return [csvText(label), streamId, isoTime(from), isoTime(to), seconds, ...rest].join(',');
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
