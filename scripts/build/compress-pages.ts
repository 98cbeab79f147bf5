import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Text; pictures and fonts are compressed already. */
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest)$/u;

/** Below this a file fits one packet anyway, in bytes. */
const LEAST_BYTES = 1_024;

/**
 * Puts a `.gz` and a `.br` beside every text file of the built pages once this build is done; the
 * server hands them to browsers that take them. Phones load over Wi-Fi that is shared with video.
 */
export function compressPagesAfterwards(folder: string): Plugin {
  return {
    name: 'sightline:compress-pages',
    apply: 'build',
    async closeBundle() {
      await compressPages(folder);
    },
  };
}

/** Compresses every text file of a folder, and takes away what was compressed before. */
export async function compressPages(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.map((name) => path.join(folder, name));
  const old = files.filter((file) => /\.(?:br|gz)$/u.test(file));
  await Promise.all(old.map((file) => rm(file, { force: true })));
  await Promise.all(files.filter((file) => COMPRESSIBLE.test(file)).map(compress));
}

async function compress(file: string): Promise<void> {
  if ((await stat(file)).size < LEAST_BYTES) return;
  const content = await readFile(file);
  const [gzipped, brotli] = await Promise.all([
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
    promisify(brotliCompress)(content),
  ]);
  await Promise.all([writeFile(`${file}.gz`, gzipped), writeFile(`${file}.br`, brotli)]);
}
