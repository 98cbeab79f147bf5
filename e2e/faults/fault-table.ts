/** Collects the rows of a file of faults: printed at its end, and kept for the results. */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { FAULTS_VARIABLE, lineOf, rowsFile, TABLE_HEAD, type FaultRow } from './rows';

/** Whether every fault is asked for, or the few that `npm test` has time for. */
export const isFull = process.env[FAULTS_VARIABLE] === 'full';

/** What one fault's test finds out. */
export interface Finding {
  readonly missingMs?: number;
  readonly backAfterMs?: number;
  readonly growth?: string;
  readonly remark?: string;
}

/**
 * To be called where tests are declared.
 *
 * @returns a function that carries out a fault and notes how it ended, also when it throws.
 */
export function useFaultTable(): (fault: string, endure: () => Promise<Finding>) => Promise<void> {
  const rows: FaultRow[] = [];
  afterAll(() => console.log(['', ...TABLE_HEAD, ...rows.map(lineOf), ''].join('\n')));
  const note = (row: FaultRow) => {
    rows.push(row);
    // The short form is no measurement.
    if (!isFull) return;
    mkdirSync(path.dirname(rowsFile), { recursive: true });
    appendFileSync(rowsFile, `${JSON.stringify(row)}\n`);
  };
  return async (fault, endure) => {
    try {
      const finding = await endure();
      note({ fault, growth: '–', remark: '', ...finding, hasRecovered: true });
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      const remark = reason.replaceAll('|', '/').slice(0, 160);
      note({ fault, hasRecovered: false, growth: '–', remark });
      throw error;
    }
  };
}
