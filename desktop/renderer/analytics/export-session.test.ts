import { describe, expect, it } from 'vitest';
import { SessionTimeline } from '../statistics/session-timeline';
import { sessionCsv, sessionJson } from './export-session';

function session() {
  const timeline = new SessionTimeline();
  const of = { streamId: 'A', label: '=HYPERLINK("x"), "a"' } as const;
  timeline.addEvent({ ...of, at: 0, kind: 'joined' });
  timeline.addEvent({ ...of, at: 1_000, kind: 'started', cause: 'picture-moving' });
  timeline.addSample({
    streamId: 'A',
    at: 1_000,
    liveSeconds: 4,
    receivedBytes: 7,
    height: 720,
    health: 'fair',
  });
  return { sessionId: 'S', startedAt: 0, until: 5_000, timeline };
}

describe('exports', () => {
  it('have every span as a line, and no name that a spreadsheet would run', () => {
    const name = `"'=HYPERLINK(""x""), ""a"""`;
    expect(sessionCsv(session()).trim().split('\r\n')).toEqual([
      'camera,stream,from,to,seconds,kind,what,detail',
      `${name},A,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z,1.0,state,connecting,`,
      `${name},A,1970-01-01T00:00:01.000Z,1970-01-01T00:00:05.000Z,4.0,state,live,picture-moving`,
      `${name},A,1970-01-01T00:00:01.000Z,1970-01-01T00:00:05.000Z,4.0,quality,fair,720`,
    ]);
  });

  it('have everything in JSON', () => {
    expect(JSON.parse(sessionJson(session(), new Date(9_000)))).toMatchObject({
      exportedAt: '1970-01-01T00:00:09.000Z',
      totals: { streamCount: 1, liveMs: 4_000, receivedBytes: 7 },
      streams: [{ streamId: 'A', totals: { liveMs: 4_000 }, qualities: [{ level: 'fair' }] }],
      events: [{ kind: 'joined' }, { kind: 'started' }],
    });
  });
});
