/**
 * Builds every part: `npm run build`. Other scripts call `ensureBuilt`, which builds only when
 * something is missing or a source is newer than the last build.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type InlineConfig } from 'vite';
import { consoleBuilds } from './build/console';
import { desktopBuilds } from './build/desktop';
import { pagesBuilds } from './build/pages';
import { distDir, projectRoot } from './build/paths';
import { serverBuilds } from './build/server';

const stampFile = path.join(distDir, '.built');
const sources = ['signal', 'pwa', 'desktop', 'scripts/build', 'scripts/build.ts', 'package.json'];

/** The pages come first: their build empties `dist/web`, where the console's pages go as well. */
function allBuilds(): InlineConfig[] {
  return [...pagesBuilds(), ...consoleBuilds(), ...serverBuilds(), ...desktopBuilds()];
}

/** Builds everything from nothing. */
export async function buildAll(): Promise<void> {
  await rm(distDir, { recursive: true, force: true });
  for (const config of allBuilds()) {
    await build({ configFile: false, logLevel: 'warn', ...config });
  }
  await mkdir(distDir, { recursive: true });
  await writeFile(stampFile, '');
}

/** Builds unless what is there is newer than every source. */
export async function ensureBuilt(): Promise<void> {
  const builtAt = await modifiedAt(stampFile);
  const newest = Math.max(...(await Promise.all(sources.map(newestIn))));
  if (builtAt >= newest) return;
  process.stderr.write('Building Sightline…\n');
  await buildAll();
}

/** When a file or anything below a folder was last modified, in milliseconds since the epoch. */
async function newestIn(relative: string): Promise<number> {
  const place = path.join(projectRoot, relative);
  const entries = await readdir(place, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    entries
      .filter((entry) => !/[.]test[.]ts$/u.test(entry))
      .map((entry) => modifiedAt(path.join(place, entry))),
  );
  return Math.max(await modifiedAt(place), ...times);
}

/** 0 for what does not exist. */
async function modifiedAt(file: string): Promise<number> {
  return stat(file).then(
    (facts) => facts.mtimeMs,
    () => 0,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
