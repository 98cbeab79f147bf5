/** From launch to ready: the headless server, and the packaged desktop. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packagedProgram } from '../../e2e/harness/packaged-app';
import type { Stage } from '../../e2e/harness/stage';
import { projectRoot, serverBundle } from '../../scripts/build/paths';
import { executableOf } from '../../scripts/provision/electron-runtime';
import { runBounded } from '../../scripts/provision/run-bounded';
import { buildBareProgram } from '../bare/build-program';
import type { Benchmark, BenchContext, BenchResult, Comparison } from '../core/benchmark';
import { interleave, pairsOf } from '../core/interleave';
import { timeServer } from './launch-server';
import { timeWindow, type Application } from './launch-window';

/** Packing copies 300 MB. */
const PACK_TIMEOUT_MS = 180_000;

/** The status in the console's bar, once it has its server. */
const CONSOLE_READY = `document.querySelector('[data-testid="server-status"]')?.dataset.state === 'live'`;

/** The least that opens a window: empty, and shown when it is painted, as the console's is. */
const EMPTY_WINDOW = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ show: false });
  window.once('ready-to-show', () => window.show());
  window.loadURL('data:text/html,<title>empty</title>');
});
app.on('window-all-closed', () => app.quit());
`;

/** See the head of this file. */
export const startBenchmark: Benchmark = {
  name: 'start',
  title: 'from launch to ready',
  async run(context) {
    const servers = await compareServers(context);
    const desktops = await compareDesktops(context);
    return {
      comparisons: [...servers, ...desktops.comparisons],
      readings: [],
      remarks: [
        'A server is ready when it prints so; the bare one is ws and nothing else in a file built the same way. With TLS, root and certificate are there from the launch before.',
        ...desktops.remarks,
      ],
    };
  },
};

async function compareServers(context: BenchContext): Promise<Comparison[]> {
  const { stage } = context;
  const bundle = await buildBareProgram('ws-relay');
  const dataDir = await temporaryFolder(stage);
  const place = ['--host', '127.0.0.1', '--port', '0', '--data-dir', dataDir];
  const comparisons: Comparison[] = [];
  for (const tls of ['off', 'auto']) {
    const ownArgs = [serverBundle, '--json', '--tls', tls, ...place];
    const rounds = await interleave(
      context,
      {
        sightline: () => timeServer(stage, ownArgs),
        bare: () => timeServer(stage, [bundle]),
      },
      { name: `headless server, TLS ${tls}` },
    );
    const name = `headless server${tls === 'off' ? '' : ', TLS against none'}`;
    const pairs = pairsOf(rounds, (milliseconds) => milliseconds);
    comparisons.push({ name, unit: 'ms', better: 'less', pairs });
  }
  return comparisons;
}

async function compareDesktops(context: BenchContext): Promise<BenchResult> {
  const { stage, isSmoke, say } = context;
  if (process.platform !== 'linux') {
    const remark = 'The packaged desktop was not started: only its place on Linux is known.';
    return { comparisons: [], readings: [], remarks: [remark] };
  }
  if (!isSmoke || !existsSync(packagedProgram)) {
    say('packing the desktop');
    await pack();
  }
  const sightline: Application = {
    program: packagedProgram,
    args: ['--port=0', '--host=127.0.0.1', `--user-data-dir=${await temporaryFolder(stage)}`],
    isReady: CONSOLE_READY,
  };
  const bare: Application = {
    program: executableOf({ distPath: process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '' }),
    args: [await emptyApp(stage), `--user-data-dir=${await temporaryFolder(stage)}`],
    isReady: 'true',
  };
  const rounds = await interleave(
    context,
    { sightline: () => timeWindow(stage, sightline), bare: () => timeWindow(stage, bare) },
    { name: 'packaged desktop' },
  );
  const pairs = pairsOf(rounds, (milliseconds) => milliseconds);
  const remark =
    'The desktop is ready when its page is painted and connected to the server that it has started, with TLS; the bare one is Electron with an empty page.';
  return {
    comparisons: [{ name: 'packaged desktop', unit: 'ms', better: 'less', pairs }],
    readings: [],
    remarks: [remark],
  };
}

/** @throws Error with what the packager said */
async function pack(): Promise<void> {
  const tsx = path.join(projectRoot, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const packed = await runBounded(process.execPath, [tsx, 'scripts/dist.ts', '--dir'], {
    timeoutMs: PACK_TIMEOUT_MS,
    cwd: projectRoot,
  });
  if (!packed.ok) throw new Error(`The desktop could not be packed: ${packed.stderr.trim()}`);
}

async function emptyApp(stage: Stage): Promise<string> {
  const folder = await temporaryFolder(stage);
  await writeFile(path.join(folder, 'package.json'), '{"name":"empty","main":"main.cjs"}');
  await writeFile(path.join(folder, 'main.cjs'), EMPTY_WINDOW);
  return folder;
}

async function temporaryFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
  stage.own({
    name: folder,
    close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  });
  return folder;
}
