/**
 * One graph on a canvas. It knows lines and colors, nothing of streams; whoever makes it gives it
 * values and the place of the cursor, and closes it. Pointers go to the stack of all graphs.
 */
import type uPlot from 'uplot';
import { scaleTop, type LineValues } from './graph-data';
import type { GraphDefinition } from './graph-definitions';

/** Width of the column of numbers left of each graph, in CSS pixels; the same for all. */
export const AXIS_WIDTH = 36;

const HEIGHT = 64;
/** Lines at the top are seen whole. */
const HEADROOM = 1.08;

const GRID_COLOR = 'rgb(255 255 255 / 7%)';
const NUMBER_COLOR = '#93a0b4';
const NUMBER_FONT = '10px system-ui, sans-serif';

/** Parts of the width at which there is a vertical line: all graphs and zooms have the same. */
const TIME_PARTS = [0, 1 / 5, 2 / 5, 3 / 5, 4 / 5, 1];

export interface StatsGraphOptions {
  readonly library: typeof uPlot;
  readonly parent: HTMLElement;
  readonly definition: GraphDefinition;
  /** One for each stream. */
  readonly colors: readonly string[];
  readonly width: number;
}

/** See the head of this file. */
export class StatsGraph {
  readonly #plot: uPlot;
  readonly #definition: GraphDefinition;
  #top: number;

  constructor({ library, parent, definition, colors, width }: StatsGraphOptions) {
    this.#definition = definition;
    this.#top = definition.leastTop;
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    for (const color of colors) {
      for (const { isDashed = false } of definition.lines) {
        bands.push({ series: [series.length + 1, series.length + 2], fill: `${color}33` });
        series.push(lineSeries(color, isDashed), edgeSeries(), edgeSeries());
      }
    }
    const options: uPlot.Options = {
      width,
      height: HEIGHT,
      padding: [4, 2, 4, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: () => [0, this.#top * HEADROOM] } },
      series,
      bands,
      axes: [
        {
          size: 0,
          ticks: { show: false },
          grid: gridStyle(),
          values: () => [],
          splits: timeSplits,
        },
        {
          size: AXIS_WIDTH,
          stroke: NUMBER_COLOR,
          font: NUMBER_FONT,
          gap: 6,
          ticks: { show: false },
          grid: gridStyle(),
          splits: () => [0, this.#top / 2, this.#top],
          values: (_plot, splits) => splits.map((value) => String(Number(value.toFixed(2)))),
        },
      ],
    };
    this.#plot = new library(options, emptyData(series.length), parent);
  }

  /** Draws other values: of each stream each line. */
  draw(seconds: readonly number[], streams: readonly (readonly LineValues[])[]): void {
    const data: (number | null)[][] = [];
    for (const lines of streams) {
      for (const { values, upper = [], lower = [] } of lines) {
        data.push(...[values, upper, lower].map((row) => seconds.map((_, at) => row[at] ?? null)));
      }
    }
    this.#top = scaleTop(scaled(this.#definition, streams), this.#definition.leastTop);
    this.#plot.batch(() => {
      this.#plot.setData([[...seconds], ...data]);
      const [first = 0] = seconds;
      this.#plot.setScale('x', { min: first, max: seconds.at(-1) ?? 1 });
    });
  }

  /** Stands the cursor at a second; undefined takes it away. */
  setCursor(second: number | undefined): void {
    const left = second === undefined ? -10 : this.#plot.valToPos(second, 'x');
    this.#plot.setCursor({ left, top: second === undefined ? -10 : 0 }, false);
  }

  resize(width: number): void {
    if (width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  /** Takes it off the page, with its listeners. */
  close(): void {
    this.#plot.destroy();
  }
}

function lineSeries(color: string, isDashed: boolean): uPlot.Series {
  return {
    stroke: isDashed ? `${color}b3` : color,
    width: isDashed ? 1 : 1.5,
    ...(isDashed ? { dash: [4, 3] } : {}),
    points: { show: false },
    spanGaps: false,
  };
}

function edgeSeries(): uPlot.Series {
  return { stroke: 'transparent', width: 0, points: { show: false } };
}

function gridStyle(): uPlot.Axis.Grid {
  return { stroke: GRID_COLOR, width: 1 };
}

function timeSplits(_plot: uPlot, _axis: number, min: number, max: number): number[] {
  return TIME_PARTS.map((part) => min + (max - min) * part);
}

function emptyData(series: number): uPlot.AlignedData {
  return [[], ...Array.from({ length: series - 1 }, () => [])];
}

/** What the scale has to hold: all but the network's room, which may be a hundred times as much. */
function* scaled(
  { lines }: GraphDefinition,
  streams: readonly (readonly LineValues[])[],
): Generator<number | undefined> {
  for (const stream of streams) {
    for (const [index, { values, upper }] of stream.entries()) {
      if (lines[index]?.isGuide !== true) yield* upper ?? values;
    }
  }
}
