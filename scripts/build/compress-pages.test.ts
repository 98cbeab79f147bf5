import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { compressPages } from './compress-pages';

test('compresses text worth it, and forgets what is older', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-pages-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const text = 'console.log(1);\n'.repeat(200);
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'assets/app.js'), text);
  await writeFile(path.join(folder, 'small.js'), '1');
  await writeFile(path.join(folder, 'icon.png'), text);
  await writeFile(path.join(folder, 'gone.html.br'), 'stale');
  await compressPages(folder);
  await compressPages(folder);
  const names = await readdir(folder, { recursive: true });
  expect(names.sort()).toEqual([
    'assets',
    'assets/app.js',
    'assets/app.js.br',
    'assets/app.js.gz',
    'icon.png',
    'small.js',
  ]);
  const read = (name: string) => readFile(path.join(folder, name));
  expect(gunzipSync(await read('assets/app.js.gz')).toString()).toBe(text);
  expect(brotliDecompressSync(await read('assets/app.js.br')).toString()).toBe(text);
});

test('has nothing to do where nothing is built', async () => {
  await expect(compressPages('/nonexistent/sightline')).resolves.toBeUndefined();
});
