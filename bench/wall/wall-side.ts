/** One of the two walls, and what it does in a stretch of time. */
import type { Page } from 'playwright';
import { cpuSecondsOfAll, treeOf } from '../core/process-tree';

/** A wall that is compared. */
export interface WallSide {
  readonly page: Page;
  /** Process that all others of its program come from. */
  readonly root: number;
  /** Lets those who film for it send pictures, or none. */
  readonly roll: (isRolling: boolean) => Promise<void>;
}

/** What a wall did in a window of time. */
export interface WallWindow {
  /** Of all processes of the program, in percent of one core. */
  readonly load: number;
  /** Pictures a second of each tile: that were decoded, and that were presented. */
  readonly decoded: readonly number[];
  readonly presented: readonly number[];
  /** Share of decoded pictures that were never presented, in percent. */
  readonly droppedPercent: number;
  /** Narrowest picture, in pixels. */
  readonly width: number;
}

/** Counters of one video element. */
interface Played {
  readonly total: number;
  readonly dropped: number;
  readonly width: number;
}

/**
 * Watches a wall from now on.
 *
 * @returns the way to end it and learn what the wall did
 */
export async function watchWall({ page, root }: WallSide): Promise<() => Promise<WallWindow>> {
  const pids = treeOf(root);
  const playedBefore = await page.evaluate(readPlayed);
  const startedAt = performance.now();
  const spentBefore = cpuSecondsOfAll(pids);
  return async () => {
    const spent = cpuSecondsOfAll(pids) - spentBefore;
    const seconds = (performance.now() - startedAt) / 1_000;
    const played = await page.evaluate(readPlayed);
    const tiles = played.map(({ total, dropped, width }, index) => {
      const before = playedBefore[index] ?? { total: 0, dropped: 0 };
      return { decoded: total - before.total, dropped: dropped - before.dropped, width };
    });
    const sum = (pick: (tile: (typeof tiles)[number]) => number): number =>
      tiles.reduce((total, tile) => total + pick(tile), 0);
    return {
      load: (spent / seconds) * 100,
      decoded: tiles.map(({ decoded }) => decoded / seconds),
      presented: tiles.map(({ decoded, dropped }) => (decoded - dropped) / seconds),
      droppedPercent:
        (sum(({ dropped }) => dropped) /
          Math.max(
            1,
            sum((t) => t.decoded),
          )) *
        100,
      width: Math.min(...tiles.map(({ width }) => width)),
    };
  };
}

/** Runs inside a page. */
export function readPlayed(): Played[] {
  return Array.from(document.querySelectorAll('video'), (video) => {
    const { totalVideoFrames: total, droppedVideoFrames: dropped } =
      video.getVideoPlaybackQuality();
    return { total, dropped, width: video.videoWidth };
  });
}
