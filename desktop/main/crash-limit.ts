/** Time within which a second crash means that loading the page again does not help. */
const WINDOW_MS = 60_000;

/**
 * Decides whether a crashed page is loaded again: once a minute, so that a page that crashes as it
 * starts does not do so for ever.
 *
 * @returns a function to call at every crash, with a clock in milliseconds; true means load again.
 */
export function createCrashLimit(): (nowMs: number) => boolean {
  let last: number | undefined;
  return (nowMs) => {
    const mayReload = last === undefined || nowMs - last > WINDOW_MS;
    last = nowMs;
    return mayReload;
  };
}
