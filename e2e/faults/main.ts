/**
 * Every fault at its full length: `npm run test:faults`, or a few of them by words for Vitest, such
 * as `npm run test:faults -- -t "link down"`. Writes what was found to `e2e/faults/RESULTS.md`,
 * where a partial run replaces only its own rows.
 */
import { rm } from 'node:fs/promises';
import { FAULTS_VARIABLE, rowsFile } from './rows';
import { writeResults } from './results';

process.env[FAULTS_VARIABLE] = 'full';
if (!process.argv.slice(2).some((argument) => argument.startsWith('e2e'))) {
  process.argv.push('e2e/faults/');
}
await rm(rowsFile, { force: true });
await import('../../scripts/test');
await writeResults();
