/**
 * Runs the headless server: `npm run serve -- [options]`. It builds what is missing first, then
 * runs the bundle in this very process, so that signals and exit codes need no relay.
 */
import { createRequire } from 'node:module';
import { ensureBuilt } from './build';
import { serverBundle } from './build/paths';

await ensureBuilt();
createRequire(import.meta.url)(serverBundle);
