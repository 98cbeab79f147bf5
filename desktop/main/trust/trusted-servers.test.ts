import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SettingsFile } from '../settings-file';
import { silentLog } from '../testing/stub-server';
import { TrustedServers } from './trusted-servers';

const root = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');

function settingsPath(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sightline-trust-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'settings.json');
}

it('remembers each root at its own host and port, over a restart', () => {
  const file = settingsPath();
  const first = new TrustedServers(new SettingsFile(file, silentLog));
  first.trust('desk:8443', root('A1'));
  first.trust('desk:9443', root('B2'));
  first.trust('desk:8443', root('C3'));
  const next = new TrustedServers(new SettingsFile(file, silentLog));
  expect(next.fingerprintAt('desk:8443')).toBe(root('C3'));
  expect(next.fingerprintAt('desk:9443')).toBe(root('B2'));
  expect(next.fingerprintAt('desk:443')).toBeUndefined();
  expect(next.knows(root('B2'))).toBe(true);
  expect(next.knows(root('A1'))).toBe(false);
});

it('writes nothing when nothing changes, and does not grow without end', () => {
  const update = vi.fn();
  const settings = {
    current: { version: 1 as const, server: 'embedded' as const, trustedRoots: [] },
    update(change: object) {
      update();
      Object.assign(settings.current, change);
    },
  };
  const trusted = new TrustedServers(settings);
  for (let port = 1; port <= 300; port += 1) trusted.trust(`desk:${port}`, root('A1'));
  update.mockClear();
  trusted.trust('desk:300', root('A1'));
  expect(update).not.toHaveBeenCalled();
  expect(settings.current.trustedRoots.length).toBeLessThanOrEqual(200);
  expect(trusted.fingerprintAt('desk:1')).toBeUndefined();
});
