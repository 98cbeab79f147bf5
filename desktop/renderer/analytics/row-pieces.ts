/**
 * What one row of the timeline shows, in whole pixels: never more pieces than pixels, however much
 * happened, and the worst of what shares a pixel. Pure.
 */
import type { QualitySpan, StateSpan, StreamTimeline } from '../statistics/session-timeline';
import type { TimeRange } from './time-range';

/** What a piece looks like; from harmless to bad, the latter covers the former. */
export const LOOKS = ['connecting', 'good', 'fair', 'poor', 'frozen', 'dropped'] as const;

export type Look = (typeof LOOKS)[number];

/** Pixels from `start` up to `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly look: Look;
}

/** A moment at which a stream came or went. */
export interface Mark {
  readonly x: number;
  readonly kind: 'joined' | 'ended';
}

/** A row, ready to be drawn. */
export interface Row {
  readonly pieces: readonly Piece[];
  readonly marks: readonly Mark[];
}

/**
 * Lays out a stream.
 * @param until end of the session, or now.
 * @param width of the whole range, in whole pixels.
 */
export function rowOf(stream: StreamTimeline, range: TimeRange, until: number, width: number): Row {
  const scale = width / (range.to - range.from);
  const toX = (at: number): number => (at - range.from) * scale;
  /** For each pixel 1 + the place of its look; 0 is none. */
  const pixels = new Uint8Array(width);
  const add = (from: number, to: number, look: Look): void => {
    if (to < range.from || from > range.to) return;
    const start = Math.max(0, Math.floor(toX(from)));
    const end = Math.min(width, Math.max(start + 1, Math.round(toX(to))));
    const value = LOOKS.indexOf(look) + 1;
    for (let x = start; x < end; x += 1) {
      if ((pixels[x] ?? 0) < value) pixels[x] = value;
    }
  };
  let at = 0;
  for (const span of stream.states) {
    const to = span.to ?? until;
    if (span.state !== 'live') {
      add(span.from, to, lookOf(span));
      continue;
    }
    add(span.from, to, 'good');
    at = addQualities(stream.qualities, at, { from: span.from, to }, add);
  }
  return { pieces: piecesOf(pixels), marks: marksOf(stream.states, range, toX) };
}

/** Lays the qualities over a live span; returns where the next span has to go on. */
function addQualities(
  qualities: readonly QualitySpan[],
  first: number,
  { from, to }: TimeRange,
  add: (from: number, to: number, look: Look) => void,
): number {
  let at = first;
  for (; at < qualities.length; at += 1) {
    const quality = qualities[at];
    if (quality === undefined || quality.from >= to) break;
    const { level } = quality;
    // While it is live, a level of `lost` is of the seconds around.
    if (quality.to > from && (level === 'fair' || level === 'poor')) {
      add(Math.max(from, quality.from), Math.min(to, quality.to), level);
    }
  }
  // The last may reach into the next span.
  return Math.max(first, at - 1);
}

function lookOf({ state }: StateSpan): Look {
  if (state === 'frozen') return 'frozen';
  return state === 'connecting' ? 'connecting' : 'dropped';
}

/** Neighbors that look alike are one piece. */
function piecesOf(pixels: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < pixels.length;) {
    const value = pixels[start] ?? 0;
    let end = start + 1;
    while (end < pixels.length && pixels[end] === value) end += 1;
    const look = LOOKS[value - 1];
    if (look !== undefined) pieces.push({ start, end, look });
    start = end;
  }
  return pieces;
}

function marksOf(
  states: readonly StateSpan[],
  { from, to }: TimeRange,
  toX: (at: number) => number,
): Mark[] {
  const marks: Mark[] = [];
  const add = (at: number, kind: Mark['kind']): void => {
    const x = Math.round(toX(at));
    if (at >= from && at <= to && marks.at(-1)?.x !== x) marks.push({ x, kind });
  };
  for (const [index, span] of states.entries()) {
    const before = states[index - 1];
    if (before?.to !== span.from) add(span.from, 'joined');
    const next = states[index + 1];
    if (span.to !== undefined && next?.from !== span.to) add(span.to, 'ended');
  }
  return marks;
}
