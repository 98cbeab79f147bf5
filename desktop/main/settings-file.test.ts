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
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SettingsFile } from './settings-file';
import { silentLog } from './testing/stub-server';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-settings-'));
  file = path.join(folder, 'nested', 'settings.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

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

  it('goes on when the disk refuses, and says so', () => {
    writeFileSync(path.join(folder, 'nested'), 'a file where the folder should be');
    const error = vi.fn();
    const settings = new SettingsFile(file, { ...silentLog, error });
    settings.update({ window: place });
    expect(settings.current.window).toEqual(place);
    expect(error).toHaveBeenCalled();
  });
});
