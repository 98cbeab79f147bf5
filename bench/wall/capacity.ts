/**
 * How many tiles one core presents: a wall grows until it falls behind what it is sent. A tile keeps
 * pace with 19 of 20 pictures; of a wall, every tile has to decode and half of them to present so.
 */
import { pause } from '../../e2e/harness/until';
import { median } from '../core/figures';
import { FILM } from './film';
import { watchWall, type WallSide, type WallWindow } from './wall-side';

/** Tiles beyond those whose cost is measured anyway, up to what is asked of a bare page. */
export const LADDER: readonly number[] = [28, 32, 36, 40];

/** Every picture but one of twenty. */
const PACE = 0.95 * FILM.framesPerSecond;

/** More than this is what a full core could not do before. */
const CATCHING_UP = 1.1 * FILM.framesPerSecond;

/** Connections of new tiles settle first; in milliseconds. */
const SETTLE_MS = 500;
const WINDOW_MS = 800;
const WINDOWS = 3;

/** Whether a wall kept pace in most of its windows. */
export function keepsPace(windows: readonly WallWindow[]): boolean {
  const slowest = median(windows.map(({ decoded }) => Math.min(...decoded)));
  const fastest = median(windows.map(({ decoded }) => Math.max(...decoded)));
  const presented = median(windows.map((window) => median(window.presented)));
  return slowest >= PACE && presented >= PACE && fastest <= CATCHING_UP;
}

/** A wall to be filled. */
export interface Growing {
  readonly side: WallSide;
  /** Fills it with as many tiles; rejects where they do not all play in time. */
  readonly grow: (count: number) => Promise<void>;
}

/**
 * Grows a wall tile by tile of the ladder.
 *
 * @param known - tiles that it is known to present
 * @returns the most that it presented
 */
export async function mostTiles({ side, grow }: Growing, known: number): Promise<number> {
  let most = known;
  for (const count of LADDER) {
    try {
      await grow(count);
    } catch {
      // Not even all of them play: the core is full. Of a page that is gone, this says so instead.
      await side.page.title();
      return most;
    }
    await side.roll(true);
    await pause(SETTLE_MS);
    // A wall that is catching up with its new tiles gets a second look.
    const doesKeepPace = keepsPace(await watchSome(side)) || keepsPace(await watchSome(side));
    await side.roll(false);
    if (!doesKeepPace) return most;
    most = count;
  }
  return most;
}

async function watchSome(side: WallSide): Promise<WallWindow[]> {
  const windows: WallWindow[] = [];
  while (windows.length < WINDOWS) {
    const end = await watchWall(side);
    await pause(WINDOW_MS);
    windows.push(await end());
  }
  return windows;
}
