import type { PictureWatch } from './console-page';
import { until } from './until';

/** A picture that moved for so long without a break has come back to stay, in milliseconds. */
const STEADY_MS = 1_500;

/** A longer break starts the count anew, in milliseconds. */
const BREAK_MS = 500;

/** Waiting for signaling and ICE both to find their way takes this long at most, in milliseconds. */
const LIMIT_MS = 40_000;

/**
 * Waits until a watched picture moves steadily again after something happened to it.
 *
 * @param since - when it happened, in milliseconds since the epoch.
 * @returns milliseconds from then to the first frame of the steady movement; a picture that never
 * stopped gives the time to its next frame.
 */
export async function untilMovingAgain(watch: PictureWatch, since: number): Promise<number> {
  const run = await until(
    'the picture to move steadily again',
    async () => steadyRun((await watch.changes()).map(({ at }) => at).filter((at) => at > since)),
    ({ from, to }) => to - from >= STEADY_MS && Date.now() - to < BREAK_MS,
    { timeoutMs: LIMIT_MS },
  );
  return run.from - since;
}

/** The last stretch of times without a break between them. */
function steadyRun(times: number[]): { from: number; to: number } {
  const to = times.at(-1) ?? 0;
  let from = to;
  for (const at of [...times].reverse()) {
    if (from - at > BREAK_MS) break;
    from = at;
  }
  return { from, to };
}
