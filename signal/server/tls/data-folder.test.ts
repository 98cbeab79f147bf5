import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyDir } from '../testing/test-server';
import { DataFolder, defaultDataDir } from './data-folder';

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

describe('the default folder', () => {
  const of = (platform: NodeJS.Platform, environment: Record<string, string> = {}) =>
    defaultDataDir({
      platform,
      homeDir: platform === 'win32' ? 'C:\\Users\\a' : '/home/a',
      environment,
    });

  test('is where the platform keeps data of programs', () => {
    expect(of('linux')).toBe('/home/a/.local/share/sightline');
    expect(of('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/sightline');
    expect(of('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/a/.local/share/sightline');
    expect(of('linux', { XDG_DATA_HOME: '' })).toBe('/home/a/.local/share/sightline');
    expect(of('darwin')).toBe('/home/a/Library/Application Support/Sightline');
    expect(of('win32', { APPDATA: 'D:\\Roaming' })).toBe('D:\\Roaming\\Sightline');
    expect(of('win32')).toBe('C:\\Users\\a\\AppData\\Roaming\\Sightline');
  });
});

describe('a data folder', () => {
  test('is made with all that leads to it, for this user alone', async () => {
    const { path: folder } = new DataFolder(path.join(await emptyDir(), 'a', 'b'));
    expect(modeOf(folder)).toBe(0o700);
    expect(new DataFolder(folder).read('nothing')).toBeUndefined();
  });

  test('keeps what was written once, and leaves nothing half-written', async () => {
    const folder = new DataFolder(await emptyDir());
    expect(folder.createOnce('x.key', 'first', { isPrivate: true })).toBe('first');
    expect(folder.createOnce('x.key', 'second', { isPrivate: true })).toBe('first');
    expect(modeOf(folder.pathOf('x.key'))).toBe(0o600);
    folder.createOnce('x.crt', 'public', { isPrivate: false });
    expect(modeOf(folder.pathOf('x.crt'))).toBe(0o644);
    expect(readdirSync(folder.path).sort()).toEqual(['x.crt', 'x.key']);
  });

  test('replaces a file whole', async () => {
    const folder = new DataFolder(await emptyDir());
    folder.replace('x', 'long content');
    folder.replace('x', 'short');
    expect(folder.read('x')).toBe('short');
    mkdirSync(folder.pathOf('taken'));
    expect(() => folder.replace('taken', 'y')).toThrow();
    expect(readdirSync(folder.path).sort()).toEqual(['taken', 'x']);
  });

  test('takes a key that others can read out of their sight', async () => {
    const folder = new DataFolder(await emptyDir());
    folder.createOnce('x.key', '', { isPrivate: true });
    expect(folder.makePrivate('x.key')).toBe(false);
    chmodSync(folder.pathOf('x.key'), 0o644);
    expect(folder.makePrivate('x.key')).toBe(true);
    expect(modeOf(folder.pathOf('x.key'))).toBe(0o600);
  });

  test('that cannot be had is named, with the option', async () => {
    const file = path.join(await emptyDir(), 'file');
    writeFileSync(file, '');
    const sentence = `The folder ${file} cannot be used: there is a file in its place. Choose another with --data-dir.`;
    expect(() => new DataFolder(file)).toThrow(sentence);
    expect(() => new DataFolder(path.join(file, 'below'))).toThrow('--data-dir');
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('that cannot be read or written is named, with the file', async () => {
    const folder = new DataFolder(await emptyDir());
    mkdirSync(folder.pathOf('x.key'));
    expect(() => folder.read('x.key')).toThrow(
      `${folder.pathOf('x.key')} cannot be read: it is a folder.`,
    );
    const write = () => folder.createOnce('absent/x', '', { isPrivate: true });
    expect(write).toThrow(`${folder.pathOf('absent/x')} cannot be written: it does not exist.`);
    expect(write).toThrow('--data-dir');
  });
});
