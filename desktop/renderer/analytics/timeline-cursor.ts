/** The place on the timeline that is read: a row and a moment. Pure functions of keys. */
import { panned, type TimeRange } from './time-range';

/** Where the readout looks. */
export interface TimelineCursor {
  /** Of the streams, from 0. */
  readonly row: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a cursor moves in. */
export interface CursorField {
  readonly rowCount: number;
  /** What is in view. */
  readonly range: TimeRange;
  readonly bounds: TimeRange;
  /** End of the session, or now: nothing is known beyond. */
  readonly until: number;
}

/** Parts of the view that arrows and page keys move it. */
const STEP = 0.01;
const PAGE = 0.1;

/**
 * What a key does to the cursor: a place, `gone`, or undefined where the key is not meant for it.
 * The first key only shows it, at the newest moment in view.
 */
export function cursorAfterKey(
  key: string,
  cursor: TimelineCursor | undefined,
  { rowCount, range, bounds, until }: CursorField,
): TimelineCursor | 'gone' | undefined {
  if (rowCount === 0) return undefined;
  if (key === 'Delete' || key === 'Backspace') return 'gone';
  const length = range.to - range.from;
  const moves: Readonly<Record<string, readonly [rows: number, time: number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -length * STEP],
    ArrowRight: [0, length * STEP],
    PageUp: [0, -length * PAGE],
    PageDown: [0, length * PAGE],
    Home: [0, -Infinity],
    End: [0, Infinity],
  };
  const move = moves[key];
  if (move === undefined) return undefined;
  const isJump = !Number.isFinite(move[1]);
  if (cursor === undefined && !isJump) return { row: 0, at: Math.min(range.to, until) };
  const { row, at } = cursor ?? { row: 0, at: range.to };
  return {
    row: Math.min(Math.max(row + move[0], 0), rowCount - 1),
    at: Math.min(Math.max(at + move[1], bounds.from), Math.min(until, bounds.to)),
  };
}

/** The view, moved as far as needed to show a moment. */
export function showing(range: TimeRange, at: number, bounds: TimeRange): TimeRange {
  if (at < range.from) return panned(range, at - range.from, bounds);
  return at > range.to ? panned(range, at - range.to, bounds) : range;
}
