import { describe, expect, it } from 'vitest';
import type { HistoryEvent, HistoryEventKind } from './history-events';
import type { HistorySample } from './history-thinner';
import { SessionTimeline } from './session-timeline';

function event(at: number, kind: HistoryEventKind, label = 'Stage'): HistoryEvent {
  return { streamId: 'A', label, at, kind };
}

function sample(at: number, change: Partial<HistorySample> = {}): HistorySample {
  return {
    streamId: 'A',
    at,
    liveSeconds: 10,
    receivedBytes: 5,
    health: 'good',
    height: 720,
    ...change,
  };
}

describe('SessionTimeline', () => {
  it('makes spans of events; a gap where the stream was gone', () => {
    const timeline = new SessionTimeline();
    timeline.addEvent(event(10, 'joined'));
    timeline.addEvent(event(20, 'started'));
    timeline.addEvent(event(50, 'ended'));
    timeline.addEvent(event(90, 'joined', 'Door'));
    expect(timeline.streams).toHaveLength(1);
    const [stream] = timeline.streams;
    expect(stream?.label).toBe('Door');
    expect(stream?.states).toMatchObject([
      { from: 10, to: 20, state: 'connecting' },
      { from: 20, to: 50, state: 'live' },
      { from: 90, to: undefined, state: 'connecting' },
    ]);
  });

  it('makes one span of what stays the same, and keeps gaps', () => {
    const timeline = new SessionTimeline();
    timeline.addEvent(event(0, 'joined'));
    for (const at of [0, 10_000, 20_100]) timeline.addSample(sample(at));
    timeline.addSample(sample(30_000, { health: 'poor' }));
    timeline.addSample(sample(90_000, { health: 'poor' }));
    expect(timeline.streams[0]?.qualities).toEqual([
      { from: 0, to: 30_000, level: 'good', height: 720 },
      { from: 30_000, to: 40_000, level: 'poor', height: 720 },
      { from: 90_000, to: 100_000, level: 'poor', height: 720 },
    ]);
    expect(timeline.streams[0]?.receivedBytes).toBe(25);
  });

  it('has spans that never run backwards, whatever was kept', () => {
    const timeline = new SessionTimeline();
    timeline.addEvent(event(100, 'joined'));
    timeline.addEvent(event(40, 'started'));
    timeline.addSample({ ...sample(0), streamId: 'unknown' });
    expect(timeline.streams).toHaveLength(1);
    expect(timeline.streams[0]?.states).toMatchObject([
      { from: 100, to: 100 },
      { from: 100, to: undefined },
    ]);
  });
});
