import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { SessionTimeline } from '../statistics/session-timeline';
import type { HistoryEventKind } from '../statistics/history-events';
import { LOOKS, rowOf } from './row-pieces';

const RANGE = { from: 0, to: 100_000 };

function streamOf(
  events: readonly (readonly [at: number, kind: HistoryEventKind])[],
  poorAt: readonly number[] = [],
) {
  const timeline = new SessionTimeline();
  for (const [at, kind] of events) timeline.addEvent({ streamId: 'A', label: 'A', at, kind });
  for (const at of poorAt) {
    timeline.addSample({ streamId: 'A', at, liveSeconds: 9, receivedBytes: 1, health: 'poor' });
  }
  return timeline.streams[0]!;
}

describe('rows', () => {
  it('show states, qualities within them, and when the stream came and went', () => {
    const stream = streamOf(
      [
        [10_000, 'joined'],
        [20_000, 'started'],
        [50_000, 'dropped'],
        [60_000, 'recovered'],
        [80_000, 'ended'],
      ],
      [25_000, 75_000],
    );
    expect(rowOf(stream, RANGE, 100_000, 100)).toEqual({
      pieces: [
        { start: 10, end: 20, look: 'connecting' },
        { start: 20, end: 25, look: 'good' },
        { start: 25, end: 35, look: 'poor' },
        { start: 35, end: 50, look: 'good' },
        { start: 50, end: 60, look: 'dropped' },
        { start: 60, end: 75, look: 'good' },
        { start: 75, end: 80, look: 'poor' },
      ],
      marks: [
        { x: 10, kind: 'joined' },
        { x: 80, kind: 'ended' },
      ],
    });
  });

  it('show a drop however short it was', () => {
    const stream = streamOf([
      [0, 'joined'],
      [0, 'started'],
      [50_000, 'dropped'],
      [50_010, 'recovered'],
    ]);
    const { pieces } = rowOf(stream, RANGE, 100_000, 100);
    expect(pieces).toContainEqual({ start: 50, end: 51, look: 'dropped' });
    expect(pieces.at(-1)).toEqual({ start: 51, end: 100, look: 'good' });
  });

  it('never have more pieces than pixels, nor any that overlap', () => {
    const kinds = fc.constantFrom<HistoryEventKind[]>('started', 'dropped', 'frozen', 'ended');
    const changes = fc.array(fc.tuple(fc.nat(100_000), kinds), { maxLength: 400 });
    const quality = fc.array(fc.nat(100_000), { maxLength: 50 });
    fc.assert(
      fc.property(changes, quality, (events, poorAt) => {
        const byTime = events.sort((one, other) => one[0] - other[0]);
        const stream = streamOf(
          [[0, 'joined'], ...byTime],
          poorAt.sort((a, b) => a - b),
        );
        const { pieces } = rowOf(stream, { from: 20_000, to: 90_000 }, 100_000, 80);
        expect(pieces.length).toBeLessThanOrEqual(80);
        for (const [index, piece] of pieces.entries()) {
          expect(piece.start).toBeGreaterThanOrEqual(pieces[index - 1]?.end ?? 0);
          expect(piece.end).toBeGreaterThan(piece.start);
          expect(piece.end).toBeLessThanOrEqual(80);
          expect(LOOKS).toContain(piece.look);
        }
      }),
    );
  });
});
