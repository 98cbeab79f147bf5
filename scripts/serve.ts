/**
 * Runs the headless server: `npm run serve -- [options]`. It builds what is missing first, then
 * runs the bundle in this very process, so that signals and exit codes need no relay.
 */
import { createRequire } from 'node:module';
import { ensureBuilt } from './build';
import { serverBundle } from './build/paths';

/** How often the way back to npm is looked at, in milliseconds. */
const PARENT_CHECK_MS = 250;

/**
 * npm hands a SIGTERM to the shell it started, and some shells (Debian's among them) die of it
 * without a word to us. Being left behind then means the same as the signal itself.
 */
function stopWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

stopWithNpm();
await ensureBuilt();
createRequire(import.meta.url)(serverBundle);
