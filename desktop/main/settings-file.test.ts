import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type * as NodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SettingsFile } from './settings-file';
import { silentLog } from './testing/stub-server';

/** Faults of a disk, on demand; all else is the real file system. */
const disk = vi.hoisted(() => ({ readFault: '', renameFault: '', writesInPieces: false }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof NodeFs>();
  const fault = (code: string): Error => Object.assign(new Error(code), { code });
  return {
    ...real,
    readFileSync(...given: Parameters<typeof real.readFileSync>) {
      if (disk.readFault !== '') throw fault(disk.readFault);
      return real.readFileSync(...given);
    },
    renameSync(...given: Parameters<typeof real.renameSync>) {
      if (disk.renameFault !== '') throw fault(disk.renameFault);
      real.renameSync(...given);
    },
    writeSync(handle: number, text: string) {
      return real.writeSync(handle, disk.writesInPieces ? text.slice(0, 10) : text);
    },
  };
});

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-settings-'));
  file = path.join(folder, 'nested', 'settings.json');
});

afterEach(() => {
  Object.assign(disk, { readFault: '', renameFault: '', writesInPieces: false });
  rmSync(folder, { recursive: true });
});

const place = { x: 10, y: 20, width: 800, height: 600, isMaximized: false, isFullScreen: false };

describe('SettingsFile', () => {
  it('starts with defaults where there is no file, and makes no noise', () => {
    const warn = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, warn, error: warn });
    expect(settings.current).toEqual({ version: 1, server: 'embedded' });
    expect(warn).not.toHaveBeenCalled();
  });

  it('remembers from one start to the next', () => {
    new SettingsFile(file, silentLog).update({ window: place });
    new SettingsFile(file, silentLog).update({ server: 'remote', remoteAddress: 'desk:8443' });
    expect(new SettingsFile(file, silentLog).current).toEqual({
      version: 1,
      server: 'remote',
      remoteAddress: 'desk:8443',
      window: place,
    });
  });

  it('leaves nothing but the file itself', () => {
    new SettingsFile(file, silentLog).update({ window: place });
    expect(readdirSync(path.dirname(file))).toEqual(['settings.json']);
  });

  it.runIf(process.platform !== 'win32')('is for this user alone, however it was made', () => {
    new SettingsFile(file, silentLog).update({ window: place });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    const warn = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, warn });
    expect(settings.current.window).toEqual(place);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(warn).toHaveBeenCalledOnce();
  });

  it.runIf(process.platform !== 'win32')('moves a whole new file over the old one', () => {
    const settings = new SettingsFile(file, silentLog);
    settings.update({ window: place });
    const before = statSync(file).ino;
    settings.update({ server: 'remote' });
    expect(statSync(file).ino).not.toBe(before);
  });

  it.runIf(process.platform !== 'win32')('writes through no leftover of a power cut', () => {
    mkdirSync(path.dirname(file));
    const elsewhere = path.join(folder, 'elsewhere');
    symlinkSync(elsewhere, `${file}.new`);
    new SettingsFile(file, silentLog).update({ window: place });
    expect(existsSync(elsewhere)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps the old file whole when the new one cannot be put in its place', () => {
    const settings = new SettingsFile(file, silentLog);
    settings.update({ window: place });
    const old = readFileSync(file, 'utf8');
    mkdirSync(`${file}.new`);
    const error = vi.fn();
    new SettingsFile(file, { ...silentLog, error }).update({ server: 'remote' });
    expect(error).toHaveBeenCalledOnce();
    expect(readFileSync(file, 'utf8')).toBe(old);
  });

  it.each([
    '',
    '{',
    'null',
    '{"version":2}',
    '{"version":1,"window":{"x":1}}',
    '{"version":1,"server":"elsewhere"}',
    '{"version":1,"trustedRoots":[{"at":"desk:8443","root":"A1:B2"}]}',
    '{"version":1,"serverKeys":[{"at":"https://desk","key":"abcdefghijklmnopqrstuv"}]}',
    '{"version":1,"serverKeys":[{"at":"wss://desk","key":"short"}]}',
    '{"version":1,"serverKeys":[{"at":"wss://desk"}]}',
    '{"version":1,"window":{"x":1,"y":1,"width":-5,"height":1e9,"isMaximized":true,"isFullScreen":false}}',
  ])('sets a file aside that holds %j', (text) => {
    file = path.join(folder, 'settings.json');
    writeFileSync(file, text, { mode: 0o600 });
    const warn = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, warn });
    expect(settings.current).toEqual({ version: 1, server: 'embedded' });
    expect(warn).toHaveBeenCalledOnce();
    const aside = readdirSync(folder).find((name) => name.includes('.corrupt-'));
    expect(readFileSync(path.join(folder, aside!), 'utf8')).toBe(text);
    expect(readdirSync(folder)).not.toContain('settings.json');
  });

  it('sets a file aside that cannot be read, and begins another', () => {
    new SettingsFile(file, silentLog).update({ window: place });
    const text = readFileSync(file, 'utf8');
    disk.readFault = 'EIO';
    const error = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, error });
    expect(settings.current).toEqual({ version: 1, server: 'embedded' });
    expect(error).toHaveBeenCalledOnce();
    disk.readFault = '';
    settings.update({ server: 'remote' });
    const aside = readdirSync(path.dirname(file)).find((name) => name.includes('.corrupt-'));
    expect(readFileSync(path.join(path.dirname(file), aside!), 'utf8')).toBe(text);
    expect(new SettingsFile(file, silentLog).current).toEqual({ version: 1, server: 'remote' });
  });

  it.each(['cannot be read', 'is damaged'])(
    'never writes over a file that %s and cannot be moved, and says so',
    (trouble) => {
      new SettingsFile(file, silentLog).update({ window: place });
      if (trouble === 'is damaged') writeFileSync(file, '{', { mode: 0o600 });
      else disk.readFault = 'EACCES';
      disk.renameFault = 'EBUSY';
      const error = vi.fn();
      const settings = new SettingsFile(file, { ...silentLog, error });
      Object.assign(disk, { readFault: '', renameFault: '' });
      const text = readFileSync(file, 'utf8');
      settings.update({ server: 'remote' });
      expect(settings.current.server).toBe('remote');
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(error.mock.calls.at(-1)?.[0]).toContain(file);
    },
  );

  it('puts only a whole file in place of the old one', () => {
    disk.writesInPieces = true;
    new SettingsFile(file, silentLog).update({ window: place });
    expect(new SettingsFile(file, silentLog).current.window).toEqual(place);
  });

  it('goes on when the disk refuses, and says so', () => {
    writeFileSync(path.join(folder, 'nested'), 'a file where the folder should be');
    const error = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, error });
    settings.update({ window: place });
    expect(settings.current.window).toEqual(place);
    expect(error).toHaveBeenCalled();
  });
});
