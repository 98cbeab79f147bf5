import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it.each([
    '',
    '{',
    'null',
    '{"version":2}',
    '{"version":1,"window":{"x":1}}',
    '{"version":1,"server":"elsewhere"}',
    '{"version":1,"trustedRoots":[{"at":"desk:8443","root":"A1:B2"}]}',
    '{"version":1,"window":{"x":1,"y":1,"width":-5,"height":1e9,"isMaximized":true,"isFullScreen":false}}',
  ])('sets a file aside that holds %j', (text) => {
    file = path.join(folder, 'settings.json');
    writeFileSync(file, text);
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
