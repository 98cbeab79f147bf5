/** The application as it is shipped: what is in it, that it runs, and that nobody can bend it. */
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../scripts/build/paths';
import { endOf, isServing, launchDesktop } from './harness/desktop-process';
import {
  openPackaged,
  packageDir,
  packagedProgram,
  type PackagedApp,
} from './harness/packaged-app';
import { PhonePage } from './harness/phone-page';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const run = promisify(execFile);

/** Packing copies 300 MB; its usual time is some seconds. */
const PACK_TIMEOUT_MS = 180_000;

/** What the package may weigh beyond Electron, in bytes. */
const MAX_OWN_BYTES = 15_000_000;

/** A fuse's byte in the program: the character 0 or 1. */
const FUSE = { off: 0x30, on: 0x31 };

interface Folder {
  files: Record<string, Folder | { size: number }>;
}

const folderSchema: v.GenericSchema<Folder> = v.object({
  files: v.record(
    v.string(),
    v.union([v.lazy(() => folderSchema), v.object({ size: v.number() })]),
  ),
});

/** Names of all files in an asar archive: its head is a length and a tree in JSON. */
async function filesIn(archive: string): Promise<string[]> {
  const file = await open(archive);
  try {
    const head = Buffer.alloc(16);
    await file.read(head, 0, 16, 0);
    const json = Buffer.alloc(head.readUInt32LE(12));
    await file.read(json, 0, json.length, 16);
    const list = (folder: Folder, prefix: string): string[] =>
      Object.entries(folder.files).flatMap(([name, entry]) =>
        'files' in entry ? list(entry, `${prefix}${name}/`) : [prefix + name],
      );
    return list(v.parse(folderSchema, JSON.parse(json.toString())), '');
  } finally {
    await file.close();
  }
}

// `npm run dist:dir` packs for the host; only Linux has a name that this file knows.
describe.runIf(process.platform === 'linux')('the packaged desktop', () => {
  const stage = useStage();
  let packaged: PackagedApp;
  let origin: string;

  beforeAll(async () => {
    const tsx = path.join(projectRoot, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    await run(process.execPath, [tsx, 'scripts/dist.ts', '--dir'], { cwd: projectRoot });
    packaged = await openPackaged(stage);
    origin = new URL(await packaged.console.joinUrl()).origin;
  }, PACK_TIMEOUT_MS);

  it('holds what runs and nothing else', async () => {
    const resources = path.join(packageDir, 'resources');
    expect(await readdir(resources)).toEqual(['app.asar']);
    const archive = path.join(resources, 'app.asar');
    expect((await stat(archive)).size).toBeLessThan(MAX_OWN_BYTES);
    const files = await filesIn(archive);
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'dist/desktop/main.cjs',
        'dist/desktop/preload.cjs',
        'dist/server/main.cjs',
        'dist/web/stream.html',
        'dist/web/mobile-stream.html',
        'dist/web/live-streams/index.html',
      ]),
    );
    const strangers = files.filter(
      (name) =>
        !/^(?:package\.json$|dist\/(?:desktop|server|web)\/)/u.test(name) ||
        /\.(?:map|ts|vue)$|node_modules/u.test(name),
    );
    expect(strangers).toEqual([]);
  });

  it('opens its window with its own server', async () => {
    expect(packaged.console.page.url()).toBe('app://sightline/live-streams/');
    await until(
      'the console to be connected',
      () => packaged.console.serverState(),
      (state) => state === 'live',
    );
    expect(await isServing(origin)).toBe(true);
  });

  it("puts a phone's picture on its wall", async () => {
    const link = await packaged.console.joinUrl();
    expect(link).toMatch(/\/stream#key=[\w-]{22}$/u);
    const phone = await PhonePage.open(stage, link, { phone: 1 });
    await phone.start();
    const streamId = await packaged.console.untilPictureOf(1);
    await packaged.console.untilTileViewers(streamId, 1);
    await phone.untilViewers(1);
  });

  it('has every fuse set that its Electron has', async () => {
    const wire = await getCurrentFuseWire(packagedProgram);
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: FUSE.off,
      [FuseV1Options.EnableCookieEncryption]: FUSE.on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FUSE.off,
      [FuseV1Options.EnableNodeCliInspectArguments]: FUSE.off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FUSE.on,
      [FuseV1Options.OnlyLoadAppFromAsar]: FUSE.on,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: FUSE.off,
    });
    const fileFuse = wire[FuseV1Options.GrantFileProtocolExtraPrivileges];
    // Electron 29 brought it; the runtime of a closed machine is older and cannot have it.
    if (fileFuse === undefined) {
      console.log('The Electron packed here has no fuse GrantFileProtocolExtraPrivileges.');
    } else {
      expect(fileFuse).toBe(FUSE.off);
    }
  });

  /** A start that the application ends itself, because of its port, before it opens a window. */
  const refusedStart = (args: string[], environment: Record<string, string> = {}) =>
    endOf(
      spawn(packagedProgram, ['--no-sandbox', ...args, '--port=many'], {
        env: { ...stage.environment, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );

  it('cannot be turned into a Node', async () => {
    const script = "process.stdout.write('ran as Node')";
    // A Node would run the script.
    const { code, output } = await refusedStart(['-e', script], { ELECTRON_RUN_AS_NODE: '1' });
    expect(code).toBe(2);
    expect(output).not.toContain('ran as Node');
  });

  it('runs nothing that the environment asks for', async () => {
    const folder = await temporaryFolder();
    const script = path.join(folder, 'first.cjs');
    await writeFile(script, "process.stderr.write('ran before the application')");
    const environment = { NODE_OPTIONS: `--require=${script}` };
    const { code, output } = await refusedStart([], environment);
    expect(code).toBe(2);
    expect(output).not.toContain('ran before');
    // An Electron whose fuses nobody has set obeys.
    const usual = await endOf(
      launchDesktop(['--port=many'], { ...stage.environment, ...environment }),
    );
    expect(usual.output).toContain('ran before');
  });

  it('lets no debugger into its main process', async () => {
    const { code, output } = await refusedStart(['--inspect=0']);
    expect(code).toBe(2);
    expect(output).not.toContain('Debugger listening');
    const usual = await endOf(launchDesktop(['--inspect=0', '--port=many'], stage.environment));
    expect(usual.output).toContain('Debugger listening');
  });

  it('runs no application that was put in the place of its own', async () => {
    const resources = path.join(packageDir, 'resources');
    const folder = path.join(resources, 'app');
    // Electron looks for an archive first; only without one a folder would do.
    await rename(path.join(resources, 'app.asar'), path.join(resources, 'away.asar'));
    try {
      await mkdir(folder);
      await writeFile(path.join(folder, 'package.json'), '{"name":"other","main":"main.js"}');
      await writeFile(
        path.join(folder, 'main.js'),
        "process.stderr.write('another application ran'); process.exit(0)",
      );
      const { code, output } = await refusedStart([]);
      expect(code).not.toBe(0);
      expect(output).not.toContain('another application');
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rename(path.join(resources, 'away.asar'), path.join(resources, 'app.asar'));
    }
  });

  it('ends cleanly when the system asks', async () => {
    expect(await packaged.terminate()).toBe(0);
    expect(await isServing(origin)).toBe(false);
  });

  async function temporaryFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-fuses-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    return folder;
  }
});
