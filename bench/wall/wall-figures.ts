/** What the windows of all walls come to. */
import type { BenchResult, Comparison, Pair, Reading } from '../core/benchmark';
import { median } from '../core/figures';
import { pairsOf, type Round } from '../core/interleave';
import { FILM } from './film';
import type { WallKind } from './wall-room';
import type { WallWindow } from './wall-side';

/** What a console costs at most, as a ratio to the bare page. */
const MOST_LOAD = 1.15;

/** Sightline's window may come with one in which all that finds out figures was held back. */
export interface Measured extends WallWindow {
  readonly held?: WallWindow;
}

/** Tiles of a console for each of the bare page, at least: 36 where it presents 40. */
const LEAST_TILES = 0.9;

/** All rounds with one number of tiles. */
export interface Step {
  readonly kind: WallKind;
  readonly count: number;
  readonly rounds: readonly Round<Measured>[];
}

/** Everything that was measured. */
export interface WallMeasured {
  readonly steps: readonly Step[];
  /** Most tiles that each wall presents on one core. */
  readonly capacity: Pair | undefined;
  readonly isPinned: boolean;
}

/** See the head of this file. */
export function resultOf({ steps, capacity, isPinned }: WallMeasured): BenchResult {
  return {
    comparisons: [
      ...steps.map(loadOf),
      ...steps.map(pictureCostOf),
      ...steps.flatMap(interfaceOf),
      ...(capacity === undefined ? [] : [capacityOf(capacity)]),
    ],
    readings: [...steps.flatMap(droppedOf), ...workOf(steps)],
    remarks: [
      `All phones of both walls send the same film of ${FILM.width}×${FILM.height} at ` +
        `${FILM.framesPerSecond} pictures a second and ${FILM.bitrateBps / 1_000} kbit/s, encoded ` +
        'once and put in place of what each phone’s own encoder makes of a tiny picture: as many ' +
        'encoders would need more processor than the walls. Both walls have a track of sound for ' +
        'each, on which nothing is sent.',
      'Load is that of all processes of the browser or of Electron, whose own server is one of ' +
        'them. Only one wall is sent pictures at a time; both lay them out in the same places.',
      'A wall presents as many tiles as keep pace with 19 of 20 pictures of the film: all of them ' +
        'decode so many, and half of them present so many.',
      isPinned
        ? 'Each wall runs on one core, all that films and serves on another.'
        : 'Nothing was kept on a core of its own, since taskset is not there: those who film take ' +
          'time from the walls.',
    ],
  };
}

function titleOf({ kind, count }: Step): string {
  return `${kind}, ${count} ${count === 1 ? 'tile' : 'tiles'}`;
}

function loadOf(step: Step): Comparison {
  return {
    name: titleOf(step),
    unit: '% of a core',
    better: 'less',
    pairs: pairsOf(step.rounds, ({ load }) => load),
    aim: MOST_LOAD,
  };
}

/** A wall that leaves pictures out has less to do, so this says what one costs that was presented. */
function pictureCostOf(step: Step): Comparison {
  return {
    name: `${titleOf(step)}: processor time of a presented picture`,
    unit: 'ms',
    better: 'less',
    pairs: pairsOf(step.rounds, ({ load, presented }) => {
      const millisecondsASecond = load * 10;
      return millisecondsASecond / presented.reduce((sum, rate) => sum + rate, 0);
    }),
  };
}

/** The same wall with and without all that the console finds out; “bare” is without. */
function interfaceOf(step: Step): Comparison[] {
  const pairs = step.rounds.flatMap(({ sightline: { load, held } }) =>
    held === undefined ? [] : [{ sightline: load, bare: held.load }],
  );
  if (pairs.length === 0) return [];
  const name = `${titleOf(step)}: with figures, meters and looks, and (as bare) without`;
  return [{ name, unit: '% of a core', better: 'less', pairs }];
}

function capacityOf(capacity: Pair): Comparison {
  return {
    name: 'Chromium: most tiles that one core presents',
    unit: 'tiles',
    better: 'more',
    pairs: [capacity],
    aim: LEAST_TILES,
  };
}

function droppedOf(step: Step): Reading[] {
  return (['sightline', 'bare'] as const).map((side) => ({
    name: `${titleOf(step)}: dropped${side === 'bare' ? ', bare' : ''}`,
    unit: '% of pictures',
    values: step.rounds.map((round) => round[side].droppedPercent),
  }));
}

function ratesOf(name: string, windows: readonly WallWindow[]): Reading[] {
  const read = (what: string, pick: (window: WallWindow) => number): Reading => ({
    name: `${name}: ${what}`,
    unit: 'fps',
    values: windows.map(pick),
  });
  return [
    read('decoded by the slowest tile', ({ decoded }) => Math.min(...decoded)),
    read('presented by the median tile', ({ presented }) => median(presented)),
  ];
}

/** That both sides did the same work, where it was most. */
function workOf(steps: readonly Step[]): Reading[] {
  return steps
    .filter((step) => !steps.some(({ kind, count }) => kind === step.kind && count > step.count))
    .flatMap((step) =>
      (['sightline', 'bare'] as const).flatMap((side): Reading[] => {
        const windows = step.rounds.map((round) => round[side]);
        const name = `${titleOf(step)}${side === 'bare' ? ', bare' : ''}`;
        return [
          { name: `${name}: narrowest picture`, unit: 'px', values: windows.map((w) => w.width) },
          ...ratesOf(name, windows),
        ];
      }),
    );
}
