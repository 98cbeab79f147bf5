import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DAY_MS, makeCertificates } from '../testing/test-certificates';
import { emptyDir } from '../testing/test-server';
import { DataFolder } from './data-folder';
import { loadRoot } from './root-store';
import { TlsError } from './tls-error';

const logger = pino({ level: 'silent' });

async function start() {
  const folder = new DataFolder(await emptyDir());
  const load = (nowMs = Date.now(), hostname = 'studio') =>
    loadRoot({ folder, hostname, nowMs, logger });
  const keep = (name: string, content: string) => writeFileSync(folder.pathOf(name), content);
  return { folder, load, keep };
}

test('the root is made once and the same ever after, whatever the machine is called', async () => {
  const { load } = await start();
  const first = load();
  expect(first.name).toBe('Sightline root of studio');
  const second = load(Date.now() + DAY_MS, 'renamed');
  expect(second.certificate.fingerprint256).toBe(first.certificate.fingerprint256);
  expect(second.constraints.permitted).toContain('studio');
});

test('a start that was broken off is completed with the key that is there', async () => {
  const { folder, load } = await start();
  load();
  const key = folder.read('root.key');
  rmSync(folder.pathOf('root.crt'));
  expect(load().certificate.ca).toBe(true);
  expect(folder.read('root.key')).toBe(key);
});

test.each([
  ['root.key', 'half', /root\.key holds no readable key/u],
  ['root.key', '', /root\.key holds no readable key/u],
  ['root.crt', '-----BEGIN CERTIFICATE-----\nMII', /root\.crt holds no readable certificate/u],
  ['root.key', makeCertificates().rootKeyPem, /root\.key does not belong to .*root\.crt/u],
  ['root.crt', makeCertificates().root.toString(), /root\.key does not belong to .*root\.crt/u],
])('%s with other content is named, and never overwritten', async (name, content, sentence) => {
  const { folder, load, keep } = await start();
  load();
  keep(name, content);
  const other = name === 'root.key' ? 'root.crt' : 'root.key';
  const before = readFileSync(folder.pathOf(other), 'utf8');
  expect(load).toThrow(TlsError);
  expect(load).toThrow(sentence);
  expect(folder.read(name)).toBe(content);
  expect(folder.read(other)).toBe(before);
});

test('a certificate without its key, one that is no authority, one that has ended', async () => {
  const { folder, load, keep } = await start();
  load();
  expect(() => load(Date.now() + 3_651 * DAY_MS)).toThrow(/root\.crt ended on .* 20\d\d/u);
  rmSync(folder.pathOf('root.key'));
  expect(load).toThrow(/root\.key is missing/u);
  expect(folder.read('root.key')).toBeUndefined();
  const { leaf, leafKeyPem } = makeCertificates();
  keep('root.crt', leaf.toString());
  keep('root.key', leafKeyPem);
  expect(load).toThrow('is not an authority');
});
