import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { DAY_MS, makeCertificates } from '../testing/test-certificates';
import { emptyDir } from '../testing/test-server';
import type { OwnAuthorityOptions } from './own-authority';
import { OwnAuthority } from './own-authority';

/** A machine whose clock and network the test turns. */
async function start() {
  const log: string[] = [];
  const world = {
    tlsDir: path.join(await emptyDir(), 'tls'),
    nowMs: Date.now(),
    addresses: ['192.168.1.5'],
    hostname: 'studio',
    log,
  };
  const options: OwnAuthorityOptions = {
    tlsDir: world.tlsDir,
    listenHost: '0.0.0.0',
    hostname: () => world.hostname,
    nowMs: () => world.nowMs,
    interfaces: () => ({
      eth0: world.addresses.map((address) => ({
        address,
        family: 'IPv4',
        netmask: '255.255.255.0',
        mac: '',
        internal: false,
        cidr: null,
      })),
    }),
    logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
  };
  return { world, open: (changes = {}) => new OwnAuthority({ ...options, ...changes }) };
}

function fingerprintOf({ material }: OwnAuthority): string {
  return new X509Certificate(material.cert).fingerprint256;
}

test('a restart changes neither root nor leaf, and keys are this user’s own', async () => {
  const { world, open } = await start();
  const first = open();
  world.nowMs += DAY_MS;
  const second = open();
  expect(second.root.certificate.fingerprint256).toBe(first.root.certificate.fingerprint256);
  expect(second.material).toEqual(first.material);
  expect(second.refresh()).toBe(false);
  for (const name of ['root.key', 'leaf.key']) {
    expect(statSync(path.join(world.tlsDir, name)).mode & 0o777).toBe(0o600);
  }
});

test('the root travels behind the leaf', async () => {
  const { open } = await start();
  const { material, root } = open();
  const [, behind = ''] = material.cert.split(/(?<=-----END CERTIFICATE-----\n)/u);
  expect(new X509Certificate(behind).fingerprint256).toBe(root.certificate.fingerprint256);
});

describe('the leaf is made again', () => {
  test('when an address comes or goes, and covers what is there then', async () => {
    const { world, open } = await start();
    const authority = open();
    expect(authority.covers('192.168.1.5')).toBe(true);
    expect(authority.covers('10.0.0.9')).toBe(false);
    world.addresses = ['10.0.0.9'];
    expect(authority.refresh()).toBe(true);
    expect(authority.covers('10.0.0.9')).toBe(true);
    expect(authority.covers('192.168.1.5')).toBe(false);
    expect(authority.covers('[::1]')).toBe(true);
    expect(authority.refresh()).toBe(false);
    world.addresses = [];
    expect(authority.refresh()).toBe(true);
    expect(authority.covers('studio.local')).toBe(true);
    expect(fingerprintOf(open())).toBe(fingerprintOf(authority));
  });

  test('30 days before it ends, while it runs as at a start', async () => {
    const { world, open } = await start();
    const authority = open();
    const before = fingerprintOf(authority);
    world.nowMs += 364 * DAY_MS;
    expect(authority.refresh()).toBe(false);
    world.nowMs += 2 * DAY_MS;
    expect(authority.refresh()).toBe(true);
    expect(fingerprintOf(authority)).not.toBe(before);
    world.nowMs += 366 * DAY_MS;
    expect(fingerprintOf(open())).not.toBe(fingerprintOf(authority));
  });

  test('when its file is broken or another root’s', async () => {
    const { world, open } = await start();
    const file = path.join(world.tlsDir, 'leaf.crt');
    const before = fingerprintOf(open());
    for (const content of ['half', makeCertificates().leaf.toString()]) {
      writeFileSync(file, content);
      const made = open();
      expect(fingerprintOf(made)).not.toBe(before);
      expect(made.material.cert).toContain(readFileSync(file, 'utf8'));
    }
  });

  test('in memory where the disk takes nothing more', async () => {
    const { world, open } = await start();
    const authority = open();
    rmSync(path.join(world.tlsDir, 'leaf.crt'));
    mkdirSync(path.join(world.tlsDir, 'leaf.crt', 'in-the-way'), { recursive: true });
    world.addresses = ['10.0.0.9'];
    expect(authority.refresh()).toBe(true);
    expect(authority.covers('10.0.0.9')).toBe(true);
    expect(world.log.join('')).toContain('could not be kept');
  });
});

test('public addresses are left out and said once', async () => {
  const { world, open } = await start();
  world.addresses = ['192.168.1.5', '8.8.4.4'];
  const authority = open();
  authority.refresh();
  expect(authority.covers('8.8.4.4')).toBe(false);
  expect(world.log.filter((line) => line.includes('8.8.4.4'))).toHaveLength(1);
});

test('a machine that was renamed goes by its local name, and by its old root', async () => {
  const { world, open } = await start();
  const authority = open();
  world.hostname = 'office';
  expect(authority.refresh()).toBe(true);
  expect(authority.covers('office.local')).toBe(true);
  expect(authority.covers('office')).toBe(false);
});

test('an address the root may not sign for is refused with the ways out', async () => {
  const { open } = await start();
  for (const listenHost of ['8.8.4.4', 'cam.example']) {
    expect(() => open({ listenHost })).toThrow(`--host ${listenHost}`);
    expect(() => open({ listenHost })).toThrow('--cert');
  }
  expect(open({ listenHost: '10.0.0.77' }).covers('10.0.0.77')).toBe(true);
  expect(open({ listenHost: '::' }).covers('127.0.0.1')).toBe(true);
});

test('a broken leaf key is named and left as it is', async () => {
  const { world, open } = await start();
  open();
  const file = path.join(world.tlsDir, 'leaf.key');
  writeFileSync(file, 'half');
  expect(open).toThrow(`${file} holds no readable key`);
  expect(readFileSync(file, 'utf8')).toBe('half');
});
