/** Words of the room's history. */
import type { HealthLevel } from '../health/health';
import type { Look } from '../analytics/row-pieces';
import type { HistoryEventKind } from '../statistics/history-events';
import type { TileStateName } from '../streams/tile-state';

const looks: Record<Look, string> = {
  connecting: 'Connecting',
  good: 'Good',
  fair: 'Fair',
  poor: 'Poor',
  frozen: 'Frozen',
  dropped: 'Dropped',
};

const kinds: Record<HistoryEventKind, string> = {
  joined: 'Joined',
  started: 'First picture',
  dropped: 'Dropped',
  frozen: 'Frozen',
  recovered: 'Recovered',
  ended: 'Ended',
};

const states: Record<TileStateName, string> = {
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'dropped',
  frozen: 'frozen',
  ended: 'ended',
};

const levels: Record<HealthLevel, string> = {
  good: 'good',
  fair: 'fair',
  poor: 'poor',
  lost: 'lost',
};

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A length of time: its two largest units. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What stands for a figure that is not known. */
const UNKNOWN = '–';

function bytes(number: number | undefined): string {
  if (number === undefined) return UNKNOWN;
  if (number < 1e6) return `${Math.round(number / 1e3)} kB`;
  return number < 1e9 ? `${(number / 1e6).toFixed(1)} MB` : `${(number / 1e9).toFixed(2)} GB`;
}

/** See the head of this file. */
export const historyWords = {
  open: 'History',
  heading: 'History of the room',
  help: 'Show the history of the room',
  empty: 'Nothing has happened yet. The history begins with the first camera.',
  emptySession: 'Nothing was kept of this session.',
  loading: 'Reading what was kept…',
  notKept:
    'This browser keeps no history: its storage is denied or full. You see only what has happened since this page was opened.',
  session: 'Session',
  now: 'Now, this console',
  running: 'still open elsewhere',
  name: (startedAt: number, lengthMs: number, streamCount: number) =>
    `${day.format(startedAt)}, ${clock.format(startedAt)}, ${duration(lengthMs)}, ${count(streamCount, 'camera', 'cameras')}`,
  live: (name: string) => `Now: ${name}`,
  elsewhere: (name: string) => `${name}, still open elsewhere`,
  totals: {
    label: 'Totals',
    streams: 'Cameras',
    live: 'Time live',
    received: 'Data received',
    drops: 'Drops',
    freezes: 'Freezes',
    recovery: 'Mean time to recover',
    nothingToRecover: UNKNOWN,
    worst: 'Most trouble',
    noTrouble: 'None had any trouble',
    trouble: (label: string, ms: number) => `${label} (${duration(ms)})`,
  },
  views: { label: 'Shown as', timeline: 'Timeline', tables: 'Tables' },
  timeline: {
    label: 'Timeline',
    hint: 'Drag to move, Ctrl and wheel to zoom. Keys: ← → ↑ ↓ read, Page Up and Page Down go faster, + − zoom, 0 shows all.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    all: 'Show all',
    nowLine: 'now',
    range: (from: number, to: number) =>
      `From ${clockWithSeconds.format(from)} to ${clockWithSeconds.format(to)}`,
    look: (look: Look) => looks[look],
    joinedMark: 'Joined',
    endedMark: 'Ended',
    readout: (label: string, at: number, what: string) =>
      `${label}, ${clockWithSeconds.format(at)}: ${what}`,
    liveWith: (level: HealthLevel, height: number | undefined) =>
      `live, ${levels[level]}${height === undefined ? '' : `, ${height} lines`}`,
    state: (state: TileStateName) => states[state],
    absent: 'not on the wall',
  },
  tables: {
    streams: 'Cameras',
    events: 'Events',
    camera: 'Camera',
    joined: 'Joined',
    ended: 'Ended',
    onWall: 'on the wall',
    withSession: 'with the session',
    live: 'Live',
    received: 'Received',
    drops: 'Drops',
    freezes: 'Freezes',
    recovery: 'Mean time to recover',
    trouble: 'In trouble',
    time: 'Time',
    event: 'What',
    reason: 'Why',
    none: UNKNOWN,
    more: (number: number) => `Show ${number} earlier`,
  },
  kind: (kind: HistoryEventKind) => kinds[kind],
  exports: {
    label: 'Take along',
    csv: 'CSV',
    csvTitle: 'Save the spans of every camera as a table',
    json: 'JSON',
    jsonTitle: 'Save everything that is known of this session',
    file: 'history',
  },
  remove: {
    one: 'Delete this session',
    all: 'Delete all',
    confirmOne: 'Delete this session? It cannot be brought back.',
    confirmAll: 'Delete the whole history of this browser? It cannot be brought back.',
    yes: 'Delete',
    no: 'Keep',
    gone: 'Deleted.',
  },
  time: (at: number) => clockWithSeconds.format(at),
  tick: (at: number, stepMs: number) => (stepMs < 60_000 ? clockWithSeconds : clock).format(at),
  duration,
  bytes,
};
