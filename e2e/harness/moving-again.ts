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
 * @returns milliseconds from then to the end of the longest break that followed. What is not a
 * phone's picture, such as the black frame between two connections, counts as a break.
 */
export async function untilMovingAgain(watch: PictureWatch, since: number): Promise<number> {
  const times = await until(
    'the picture to move steadily again',
    async () => {
      const changes = await watch.changes();
      return changes.filter(({ at, phone }) => at > since && phone !== null).map(({ at }) => at);
    },
    (seen) => steadyFor(seen) >= STEADY_MS && Date.now() - (seen.at(-1) ?? 0) < BREAK_MS,
    { timeoutMs: LIMIT_MS },
  );
  const breaks = times.map((at, index) => ({ at, length: at - (times[index - 1] ?? since) }));
  const longest = breaks.reduce((most, next) => (next.length > most.length ? next : most));
  return longest.at - since;
}

/** Length of the last stretch of times without a break in it. */
function steadyFor(times: number[]): number {
  let from = times.at(-1) ?? 0;
  const to = from;
  for (const at of [...times].reverse()) {
    if (from - at > BREAK_MS) break;
    from = at;
  }
  return to - from;
}
