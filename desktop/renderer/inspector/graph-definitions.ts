/** The graphs of the inspector: what each shows, in which unit, and how. */
import type { RingColumn } from '../statistics/stats-ring';

/** One line of a graph, for each stream. */
export interface GraphLine {
  readonly column: RingColumn;
  /** The figure times this is in the graph's unit. */
  readonly factor: number;
  /** Dashed lines stand beside the solid one. */
  readonly isDashed?: boolean;
  /** The scale does not care for it: it may leave the graph at its top. */
  readonly isGuide?: boolean;
  /** Half the height of the band around the line. */
  readonly error?: RingColumn;
}

export interface GraphDefinition {
  readonly id:
    'frame-rate' | 'bitrate' | 'sending' | 'loss' | 'network-delay' | 'latency' | 'codec-time';
  readonly lines: readonly GraphLine[];
  /** The scale reaches at least this far, so that noise looks like noise. */
  readonly leastTop: number;
  readonly digits: number;
}

export type GraphId = GraphDefinition['id'];

const MEGABITS = 1e-6;
const PERCENT = 100;

/** In the order in which they are shown. */
export const graphDefinitions: readonly GraphDefinition[] = [
  {
    id: 'frame-rate',
    lines: [
      { column: 'framesPerSecond', factor: 1 },
      { column: 'sentFramesPerSecond', factor: 1, isDashed: true },
    ],
    leastTop: 30,
    digits: 0,
  },
  {
    id: 'latency',
    lines: [{ column: 'latencyMs', factor: 1, error: 'latencyErrorMs' }],
    leastTop: 200,
    digits: 0,
  },
  {
    id: 'loss',
    lines: [{ column: 'packetsLostRatio', factor: PERCENT }],
    leastTop: 5,
    digits: 1,
  },
  {
    id: 'bitrate',
    lines: [
      { column: 'videoBitrateBps', factor: MEGABITS },
      { column: 'audioBitrateBps', factor: MEGABITS, isDashed: true },
    ],
    leastTop: 1,
    digits: 2,
  },
  {
    id: 'sending',
    lines: [
      { column: 'sentBitrateBps', factor: MEGABITS },
      { column: 'availableOutgoingBitrateBps', factor: MEGABITS, isDashed: true, isGuide: true },
    ],
    leastTop: 1,
    digits: 2,
  },
  {
    id: 'network-delay',
    lines: [
      { column: 'roundTripTimeMs', factor: 1 },
      { column: 'jitterBufferMs', factor: 1, isDashed: true },
    ],
    leastTop: 50,
    digits: 0,
  },
  {
    id: 'codec-time',
    lines: [
      { column: 'decodeMs', factor: 1 },
      { column: 'encodeMs', factor: 1, isDashed: true },
    ],
    leastTop: 20,
    digits: 1,
  },
];
