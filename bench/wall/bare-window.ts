/** An Electron that shows a page and does nothing besides. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Stage } from '../../e2e/harness/stage';

/** Electron starts within a few seconds; this is for a very busy machine. */
const START_TIMEOUT_MS = 60_000;

/** Opens its window only when it is told to. */
const PROGRAM = `require('electron').app.on('window-all-closed', () => undefined);`;

/** Opens a window with as much room as the console's; it ends with the stage. */
export async function openBareWindow(
  stage: Stage,
  binary: string,
  size: { readonly width: number; readonly height: number },
): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
  stage.own({
    name: folder,
    close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  });
  const program = path.join(folder, 'main.cjs');
  await writeFile(program, PROGRAM);
  const app = await _electron.launch({
    executablePath: binary,
    // As the tests' own Electron is started.
    args: [program, '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`],
    env: stage.environment,
    timeout: START_TIMEOUT_MS,
  });
  stage.own({ name: 'bare window', close: () => app.close() });
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow }, { width, height }) => {
    const window = new BrowserWindow({
      width,
      height,
      useContentSize: true,
      webPreferences: { sandbox: true, backgroundThrottling: false },
    });
    await window.loadURL('about:blank');
  }, size);
  return { app, page: await opened };
}
