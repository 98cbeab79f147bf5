import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyDir } from '../testing/test-server';
import type { AuditEntry } from './audit-entry';
import { AuditLog } from './audit-log';

const OPERATOR: AuditEntry = {
  event: 'muted',
  actor: { clientId: 'c', role: 'operator', address: '10.0.0.2' },
  target: { streamId: 's' },
  outcome: 'done',
};
const STRANGER: AuditEntry = {
  event: 'client-refused',
  actor: { clientId: 'x', address: '10.0.0.3' },
  outcome: 'key-refused',
};
/** A stream's end that is noted when its phone is forgotten already. */
const GUEST: AuditEntry = {
  event: 'stream-removed',
  actor: { clientId: 'p' },
  outcome: 'done',
};

async function openLog() {
  const dataDir = await emptyDir();
  const warned: unknown[] = [];
  const logger = { warn: (...words: unknown[]): void => void warned.push(words) };
  const log = new AuditLog({ dataDir, logger });
  return { log, logger, dataDir, warned, file: path.join(dataDir, 'audit.jsonl') };
}

function linesOf(file: string): AuditEntry[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

test('appends a line for each entry, in order, with its time, for nobody else to read', async () => {
  const { log, file } = await openLog();
  log.write(STRANGER);
  log.write(OPERATOR);
  await log.close();
  expect(linesOf(file)).toMatchObject([STRANGER, OPERATOR]);
  expect(linesOf(file)[0]).toHaveProperty('time', expect.stringMatching(/^\d{4}-.*Z$/u));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  log.write(OPERATOR);
  await log.close();
  expect(linesOf(file)).toHaveLength(2);
});

test('starts another file when one is full, and keeps three former ones', async () => {
  const { logger, dataDir, file } = await openLog();
  for (let written = 0; written < 30; written += 1) {
    const log = new AuditLog({ dataDir, logger, maxFileBytes: 400 });
    log.write({ ...OPERATOR, target: { written } });
    await log.close();
  }
  expect(readdirSync(dataDir).sort()).toEqual([
    'audit.1.jsonl',
    'audit.2.jsonl',
    'audit.3.jsonl',
    'audit.jsonl',
  ]);
  expect(linesOf(file).at(-1)).toMatchObject({ target: { written: 29 } });
});

test('a full disk is said once and harms nothing', async () => {
  const { log, file, warned } = await openLog();
  symlinkSync('/dev/full', file);
  // The first is written at once, the others together after it.
  for (let written = 0; written < 3; written += 1) log.write(OPERATOR);
  await log.close();
  expect(warned).toHaveLength(1);
  expect(JSON.stringify(warned)).toContain('the disk is full');
});

test('a flood of strangers does not push out what operators and guests did', async () => {
  const { log, file } = await openLog();
  for (let knocked = 0; knocked < 2_000; knocked += 1) {
    log.write(STRANGER);
    if (knocked % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
  log.write(GUEST);
  log.write(OPERATOR);
  await log.close();
  const lines = linesOf(file);
  expect(lines.length).toBeLessThan(150);
  expect(lines.slice(-2)).toMatchObject([{ event: 'stream-removed' }, { event: 'muted' }]);
  const missing = lines.reduce((sum, line) => {
    return sum + ('missingBefore' in line ? Number(line.missingBefore) : 0);
  }, 0);
  expect(missing + lines.length).toBe(2_002);
});
