/**
 * Calls once for every full second since a moment, and once at the start, so that a clock never
 * skips or repeats a second.
 * @param sinceMs `Date.now()` of that moment.
 * @returns the way to stop.
 */
export function everySecondSince(sinceMs: number, tick: (nowMs: number) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    const nowMs = Date.now();
    // A little after the full second: timers may fire a moment early.
    timer = setTimeout(run, 1010 - ((((nowMs - sinceMs) % 1000) + 1000) % 1000));
    tick(nowMs);
  };
  run();
  return () => clearTimeout(timer);
}
