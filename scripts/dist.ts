/**
 * Packages the desktop: `npm run dist` makes the installers of this system, `npm run dist:dir` the
 * unpacked application in `release/`, which is what the tests start.
 *
 * Installers always carry the Electron that `package.json` names. Only the unpacked application
 * may be made of another one, where that cannot be had.
 */
import {
  build,
  DIR_TARGET,
  Platform,
  type AfterPackContext,
  type Configuration,
} from 'electron-builder';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build';
import { projectRoot } from './build/paths';
import { downloadedRuntime, installedRuntime, provisionElectron } from './provision/electron';
import type { ElectronRuntime } from './provision/electron-runtime';

/** Electron 29 brought this fuse; setting it on an older one leaves all the others unset. */
const fusesSince29 = { grantFileProtocolExtraPrivileges: false };

/** What the package may weigh beyond Electron itself. */
const MAX_OWN_BYTES = 15_000_000;

const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } });
const builderConfig = path.join(projectRoot, 'electron-builder.yml');

try {
  await ensureBuilt();
  await (values.dir ? packUnpacked() : packInstallers());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function packInstallers(): Promise<void> {
  if (((await installedRuntime()) ?? (await downloadedRuntime())) === undefined) {
    throw new Error(
      'Installers need the Electron that package.json names, and it cannot be downloaded: ' +
        'connect this machine to github.com, or set ELECTRON_MIRROR.',
    );
  }
  const made = await build({
    projectDir: projectRoot,
    config: { extends: builderConfig, electronFuses: fusesSince29, afterPack: checkWeight },
  });
  for (const file of made) console.log(path.relative(projectRoot, file));
}

async function packUnpacked(): Promise<void> {
  const runtime = await provisionElectron();
  console.log(`Packing with Electron ${runtime.version} from ${runtime.distPath}`);
  if (!hasNewFuses(runtime)) {
    console.log(`It has no fuse for ${Object.keys(fusesSince29).join(', ')}, which stays unset.`);
  }
  await build({
    projectDir: projectRoot,
    targets: Platform.current().createTarget(DIR_TARGET),
    config: unpackedConfig(runtime),
  });
}

function unpackedConfig(runtime: ElectronRuntime): Configuration {
  return {
    extends: builderConfig,
    electronDist: runtime.distPath,
    electronVersion: runtime.version,
    ...(hasNewFuses(runtime) ? { electronFuses: fusesSince29 } : {}),
    // A test runtime carries a stand-in for Electron's default app, which is none of ours.
    afterExtract: ({ appOutDir }) =>
      rm(path.join(appOutDir, 'resources', 'app'), { recursive: true, force: true }),
    afterPack: checkWeight,
  };
}

function hasNewFuses({ version }: ElectronRuntime): boolean {
  return Number(version.split('.')[0]) >= 29;
}

/** Stops a package that has grown: somebody's tool or video has slipped in. */
async function checkWeight(context: AfterPackContext): Promise<void> {
  const resources = context.packager.getResourcesDir(context.appOutDir);
  const bytes = await weigh(resources);
  const megabytes = (bytes / 1_000_000).toFixed(2);
  console.log(`The package holds ${megabytes} MB beyond Electron`);
  if (bytes > MAX_OWN_BYTES) {
    throw new Error(
      `The package holds ${megabytes} MB beyond Electron, more than ${MAX_OWN_BYTES / 1_000_000} MB: ` +
        'see what app.asar contains.',
    );
  }
}

async function weigh(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const facts = await Promise.all(names.map((name) => stat(path.join(folder, name))));
  return facts.reduce((sum, fact) => sum + (fact.isFile() ? fact.size : 0), 0);
}
