import { describe, expect, it } from 'vitest';
import type { HistoryEventKind } from '../statistics/history-events';
import { SessionTimeline } from '../statistics/session-timeline';
import { sessionTotals, streamTotals } from './session-totals';

function timelineOf(streams: Record<string, readonly [at: number, kind: HistoryEventKind][]>) {
  const timeline = new SessionTimeline();
  for (const [streamId, events] of Object.entries(streams)) {
    for (const [at, kind] of events) {
      timeline.addEvent({ streamId, label: streamId, at: at * 1_000, kind });
    }
  }
  return timeline;
}

const totalsOf = (timeline: SessionTimeline, until: number) =>
  timeline.streams.map((stream) => streamTotals(stream, until));

describe('totals', () => {
  it('count drops, freezes and what it took to recover', () => {
    const timeline = timelineOf({
      A: [
        [0, 'joined'],
        [2, 'started'],
        [10, 'dropped'],
        [14, 'frozen'],
        [20, 'recovered'],
        [30, 'frozen'],
        [32, 'recovered'],
        [40, 'ended'],
      ],
    });
    const [stream] = totalsOf(timeline, 60_000);
    expect(stream).toMatchObject({
      joinedAt: 0,
      endedAt: 40_000,
      liveMs: 26_000,
      drops: 1,
      freezes: 2,
      outageMs: 12_000,
      recoveries: 2,
      recoveryMs: 12_000,
    });
    expect(sessionTotals(totalsOf(timeline, 60_000)).meanRecoveryMs).toBe(6_000);
  });

  it('go on until now, and take no outage for recovered that ended without a picture', () => {
    const timeline = timelineOf({
      A: [
        [0, 'joined'],
        [0, 'started'],
      ],
      B: [
        [0, 'joined'],
        [0, 'started'],
        [5, 'dropped'],
        [9, 'ended'],
        [20, 'joined'],
        [21, 'started'],
      ],
    });
    const streams = totalsOf(timeline, 30_000);
    expect(streams[0]).toMatchObject({ endedAt: undefined, liveMs: 30_000 });
    const totals = sessionTotals(streams);
    expect(totals).toMatchObject({ drops: 1, liveMs: 44_000, meanRecoveryMs: undefined });
    expect(totals.worst.map(({ label }) => label)).toEqual(['B']);
  });

  it('know the data received once a sample was taken, and not before', () => {
    const timeline = timelineOf({ A: [[0, 'joined']], B: [[0, 'joined']] });
    const received = () => sessionTotals(totalsOf(timeline, 5_000)).receivedBytes;
    expect(received()).toBeUndefined();
    const [at, liveSeconds, health] = [0, 0, 'good'] as const;
    timeline.addSample({ streamId: 'A', at, liveSeconds, health, receivedBytes: 0 });
    expect(received()).toBe(0);
    timeline.addSample({ streamId: 'A', at, liveSeconds, health, receivedBytes: 70 });
    expect(received()).toBe(70);
  });

  it('name the three with the most trouble, the worst first', () => {
    const timeline = timelineOf(
      Object.fromEntries(
        [1, 5, 3, 4].map((seconds) => [
          `S${seconds}`,
          [
            [0, 'joined'],
            [0, 'started'],
            [10, 'frozen'],
            [10 + seconds, 'recovered'],
          ] satisfies [number, HistoryEventKind][],
        ]),
      ),
    );
    const { worst } = sessionTotals(totalsOf(timeline, 60_000));
    expect(worst.map(({ label }) => label)).toEqual(['S5', 'S4', 'S3']);
  });
});
