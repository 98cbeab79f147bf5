import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerKeys, type KeyVault } from './server-keys';
import { SettingsFile } from './settings-file';
import { silentLog } from './testing/stub-server';

const KEY = 'AbCdEfGhIjKlMnOpQrStUv';
const NEXT = 'zyxwvutsrqponmlkjihgfe';

const noVault: KeyVault = {
  isAvailable: () => false,
  seal: () => {
    throw new Error('no keyring');
  },
  open: () => {
    throw new Error('no keyring');
  },
};

/** Writes texts otherwise, which is enough to tell them from plain ones. */
const vault: KeyVault = {
  isAvailable: () => true,
  seal: (text) => Buffer.from(text).toString('hex'),
  open: (sealed) => Buffer.from(sealed, 'hex').toString(),
};

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-keys-'));
  file = path.join(folder, 'settings.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

function keysWith(used: KeyVault, log = silentLog): ServerKeys {
  return new ServerKeys({ settings: new SettingsFile(file, log), vault: used, log });
}

describe('ServerKeys', () => {
  it.each([
    ['with a keyring', vault],
    ['without one', noVault],
  ])('remembers a key from one start to the next, %s', (_name, used) => {
    keysWith(used).keep('wss://desk:8443', KEY);
    expect(keysWith(used).keyAt('wss://desk:8443')).toBe(KEY);
  });

  it('writes no key as it is where the system keeps secrets', () => {
    keysWith(vault).keep('wss://desk:8443', KEY);
    expect(readFileSync(file, 'utf8')).not.toContain(KEY);
  });

  it('knows where it has a key without opening it', () => {
    const keys = keysWith(vault);
    keys.keep('wss://desk:8443', KEY);
    const open = vi.fn();
    const later = keysWith({ ...vault, open });
    expect(later.has('wss://desk:8443')).toBe(true);
    expect(later.has('ws://desk:8443')).toBe(false);
    expect(open).not.toHaveBeenCalled();
  });

  it('gives a key to the origin it belongs to and to no other', () => {
    const keys = keysWith(noVault);
    keys.keep('wss://desk:8443', KEY);
    keys.keep('wss://hall:8443', NEXT);
    expect(keys.keyAt('wss://desk:8443')).toBe(KEY);
    expect(keys.keyAt('ws://desk:8443')).toBeUndefined();
    expect(keys.keyAt('wss://desk:9000')).toBeUndefined();
  });

  it('replaces a key that was renewed', () => {
    const keys = keysWith(noVault);
    keys.keep('wss://desk:8443', KEY);
    keys.keep('wss://desk:8443', NEXT);
    expect(keys.keyAt('wss://desk:8443')).toBe(NEXT);
    expect(readFileSync(file, 'utf8')).not.toContain(KEY);
  });

  it('does without a key that cannot be opened any more, and says whose', () => {
    keysWith(vault).keep('wss://desk:8443', KEY);
    const warn = vi.fn();
    expect(keysWith(noVault, { ...silentLog, warn }).keyAt('wss://desk:8443')).toBeUndefined();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('wss://desk:8443'));
  });

  it('does not take for a key whatever a keyring answers', () => {
    keysWith(vault).keep('wss://desk:8443', KEY);
    const keys = keysWith({ ...vault, open: () => 'not a key' });
    expect(keys.keyAt('wss://desk:8443')).toBeUndefined();
  });

  it('keeps the key unencrypted when the keyring refuses, and says so', () => {
    const warn = vi.fn();
    const keys = keysWith({ ...noVault, isAvailable: () => true }, { ...silentLog, warn });
    keys.keep('wss://desk:8443', KEY);
    expect(keys.keyAt('wss://desk:8443')).toBe(KEY);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('unencrypted'));
    expect(JSON.stringify(warn.mock.calls)).not.toContain(KEY);
  });

  it('forgets the oldest of very many', () => {
    const keys = keysWith(noVault);
    for (let port = 1; port <= 201; port += 1) keys.keep(`wss://desk:${port}`, KEY);
    expect(keys.keyAt('wss://desk:1')).toBeUndefined();
    expect(keys.keyAt('wss://desk:2')).toBe(KEY);
    expect(keys.keyAt('wss://desk:201')).toBe(KEY);
  });
});
