import { createPrivateKey } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { DAY_MS, makeCertificates, type TestCertificates } from '../testing/test-certificates';
import { emptyDir } from '../testing/test-server';
import { OperatorCertificate } from './operator-certificate';

const HOSTS = ['cam.local', '*.studio.local', '192.168.1.5', 'fd00::5'];

async function start() {
  const folder = await emptyDir();
  const log: string[] = [];
  const world = { nowMs: Date.now(), log };
  const files = { certFile: path.join(folder, 'my.crt'), keyFile: path.join(folder, 'my.key') };
  const logger = pino({ level: 'info' }, { write: (line: string) => log.push(line) });
  const put = ({ leaf, leafKeyPem }: TestCertificates) => {
    writeFileSync(files.certFile, leaf.toString());
    writeFileSync(files.keyFile, leafKeyPem);
  };
  const made = makeCertificates({ hosts: HOSTS });
  put(made);
  const open = () => new OperatorCertificate({ ...files, nowMs: () => world.nowMs, logger });
  return { world, files, made, put, open };
}

test('covers what the certificate names', async () => {
  const { open, made } = await start();
  const source = open();
  expect(source.material).toEqual({ cert: made.leaf.toString(), key: made.leafKeyPem });
  expect(source.names).toEqual(['cam.local']);
  for (const host of ['cam.local', 'a.studio.local', '192.168.1.5', '[fd00::5]']) {
    expect(source.covers(host)).toBe(true);
  }
  for (const host of ['127.0.0.1', 'studio.local', 'localhost', '[::1]']) {
    expect(source.covers(host)).toBe(false);
  }
});

describe('renewal', () => {
  test('is taken over once both files fit', async () => {
    const { world, files, put, open } = await start();
    const source = open();
    const before = source.material;
    const renewed = makeCertificates({ hosts: ['cam.local', '10.0.0.1'] });
    writeFileSync(files.certFile, renewed.leaf.toString());
    expect(source.refresh()).toBe(false);
    expect(source.refresh()).toBe(false);
    expect(source.material).toBe(before);
    expect(world.log.filter((line) => line.includes('does not belong'))).toHaveLength(1);
    put(renewed);
    expect(source.refresh()).toBe(true);
    expect(source.covers('10.0.0.1')).toBe(true);
    expect(source.refresh()).toBe(false);
  });

  test('that went wrong leaves the present one', async () => {
    const { world, files, open } = await start();
    const source = open();
    rmSync(files.keyFile);
    expect(source.refresh()).toBe(false);
    writeFileSync(files.keyFile, 'half');
    expect(source.refresh()).toBe(false);
    expect(source.covers('cam.local')).toBe(true);
    expect(world.log.join('')).toContain(files.keyFile);
  });

  test('is asked for two weeks before the end, once', async () => {
    const { world, open } = await start();
    const source = open();
    world.nowMs += 380 * DAY_MS;
    source.refresh();
    expect(world.log).toEqual([]);
    world.nowMs += 2 * DAY_MS;
    source.refresh();
    source.refresh();
    expect(world.log.filter((line) => line.includes('ends soon'))).toHaveLength(1);
  });
});

describe('a sentence names file and option', () => {
  const broken = makeCertificates({ hosts: HOSTS });

  test('of a file that is absent or holds something else', async () => {
    const { files, open } = await start();
    writeFileSync(files.keyFile, 'no key');
    expect(open).toThrow(`The file ${files.keyFile} (--key) holds no private key in PEM form.`);
    writeFileSync(files.certFile, 'no certificate');
    expect(open).toThrow(`The file ${files.certFile} (--cert) holds no certificate in PEM form.`);
    rmSync(files.certFile);
    expect(open).toThrow(`The file ${files.certFile} (--cert) cannot be read: it does not exist.`);
  });

  test('of a key with a passphrase', async () => {
    const { files, open } = await start();
    const key = createPrivateKey(broken.leafKeyPem).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret',
    });
    writeFileSync(files.keyFile, key);
    expect(open).toThrow(`The key in ${files.keyFile} (--key) is protected by a passphrase`);
  });

  test('of a key of another certificate', async () => {
    const { files, open } = await start();
    writeFileSync(files.keyFile, broken.leafKeyPem);
    expect(open).toThrow(
      `The key in ${files.keyFile} (--key) does not belong to the certificate in ${files.certFile} (--cert).`,
    );
  });

  test('of a certificate that has ended, or has not begun', async () => {
    const { world, files, open } = await start();
    world.nowMs += 396 * DAY_MS;
    expect(open).toThrow(`The certificate in ${files.certFile} (--cert) ended on`);
    world.nowMs -= 800 * DAY_MS;
    expect(open).toThrow(`The certificate in ${files.certFile} (--cert) begins on`);
  });

  test('of a chain that TLS cannot use', async () => {
    const { files, made, open } = await start();
    writeFileSync(
      files.certFile,
      `${made.leaf.toString()}-----BEGIN CERTIFICATE-----\nhalf\n-----END CERTIFICATE-----\n`,
    );
    expect(open).toThrow(`The certificate in ${files.certFile} (--cert) cannot be used for TLS`);
  });
});
