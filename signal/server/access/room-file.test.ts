import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyDir } from '../testing/test-server';
import { RoomFile } from './room-file';

async function folderWithFile(content?: string) {
  const dataDir = await emptyDir();
  const file = path.join(dataDir, 'access.json');
  if (content !== undefined) writeFileSync(file, content);
  const said: string[] = [];
  const say = (...words: unknown[]): void => void said.push(JSON.stringify(words));
  const logger = { warn: say, error: say };
  return { file, dataDir, said, open: () => new RoomFile({ dataDir, nowMs: () => 42, logger }) };
}

test('the first start makes a room that the next one finds, for nobody else to read', async () => {
  const { open, file, said } = await folderWithFile();
  const state = open().load();
  expect(open().load()).toEqual(state);
  expect(new Set(Object.values(state.keys)).size).toBe(3);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(said).toEqual([]);
});

test.each([
  ['no JSON', '{"version":1,'],
  ['another shape', '{"version":1,"keys":{"operator":"short"}}'],
  ['empty', ''],
])('a broken file (%s) is kept aside, and that links changed is said', async (_what, content) => {
  const { open, dataDir, said } = await folderWithFile(content);
  const state = open().load();
  expect(readdirSync(dataDir).sort()).toEqual(['access.json', 'access.json.broken-42']);
  expect(readFileSync(path.join(dataDir, 'access.json.broken-42'), 'utf8')).toBe(content);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('no old link');
  expect(said[0]).not.toContain(state.keys.operator);
  expect(open().load()).toEqual(state);
});

test('a file that others could read is made private', async () => {
  const { open, file, said } = await folderWithFile();
  open().load();
  chmodSync(file, 0o644);
  open().load();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(said.join('')).toContain('other users could read');
});

test('what cannot be saved is said, and harms nobody', async () => {
  const { open, file, said } = await folderWithFile();
  const room = open();
  const state = room.load();
  const before = readFileSync(file, 'utf8');
  // A folder in the file's place: even root cannot write there.
  const other = await folderWithFile();
  mkdirSync(other.file);
  expect(() => other.open().load()).toThrow('cannot be read');
  const blocked = other.open();
  blocked.save(state);
  expect(other.said.join('')).toContain('could not be saved');
  room.save({ ...state, isLocked: true });
  expect(readFileSync(file, 'utf8')).not.toBe(before);
  expect(said).toEqual([]);
});

test('trouble with saving is said once, and that it is over', async () => {
  const { open, file, said } = await folderWithFile();
  const room = open();
  const state = room.load();
  rmSync(file);
  mkdirSync(file);
  expect(room.save({ ...state, isLocked: true })).toBe(false);
  expect(room.save({ ...state, isLocked: true })).toBe(false);
  expect(said).toHaveLength(1);
  rmSync(file, { recursive: true });
  expect(room.save({ ...state, isLocked: true })).toBe(true);
  expect(said).toHaveLength(2);
  expect(said[1]).toContain('saved again');
  expect(open().load().isLocked).toBe(true);
});
