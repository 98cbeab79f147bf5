/** The desktop from its start to its end: crashes, what it remembers, what it leaves behind. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { openDesktop } from './harness/desktop-app';
import {
  DESKTOP_SWITCHES,
  endOf,
  isRunning,
  isServing,
  launchDesktop,
  rendererOf,
  serverPid,
  untilReady,
} from './harness/desktop-process';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('a page that crashes', () => {
  const stage = useStage();

  // Playwright holds on to a crashed page, so this one runs without it, and finds the page's
  // process by Linux's `/proc`.
  it.runIf(process.platform === 'linux')('is loaded again and finds its server', async () => {
    const folder = await temporaryFolder();
    const child = launch([`--user-data-dir=${folder}`, ...DESKTOP_SWITCHES]);
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = endOf(child);
    stage.own({
      name: 'desktop',
      async close() {
        child.kill();
        await ended;
      },
    });
    const ready = await until(
      'the server to be ready',
      () => /ready at ws:\/\/(\S+)/u.exec(log)?.[1],
      (found) => found !== undefined,
    );
    await untilConsoles(ready, 1);

    process.kill(rendererOf(folder), 'SIGKILL');
    await until(
      'the crash to be noticed',
      () => log,
      (text) => text.includes("the console's page is gone"),
    );
    await untilConsoles(ready, 1);
  });

  const untilConsoles = (address: string | undefined, count: number) =>
    until(
      `${count} console at the server`,
      async (): Promise<unknown> => (await fetch(`http://${address ?? ''}/healthz`)).json(),
      (health) => v.is(v.object({ clients: v.literal(count) }), health),
    );

  const launch = (args: string[]) => launchDesktop(args, stage.environment);

  async function temporaryFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-crash-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    return folder;
  }
});

describe('from one start to the next', () => {
  const stage = useStage();

  it('remembers where its window was', async () => {
    const first = await openDesktop(stage);
    const bounds = { x: 60, y: 40, width: 900, height: 620 };
    await first.app.evaluate(
      ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
      bounds,
    );
    await first.app.close();
    const second = await openDesktop(stage, { userDataDir: first.userDataDir });
    const found = await second.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    expect(found).toEqual(bounds);
  });

  it('sets damaged settings aside and starts', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-damaged-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    await writeFile(path.join(folder, 'settings.json'), '{ "version": 1, "window": ');
    const { console, app } = await openDesktop(stage, { userDataDir: folder });
    await untilReady(console.page);
    const aside = (await readdir(folder)).find((name) => name.includes('.corrupt-'));
    expect(await readFile(path.join(folder, aside ?? ''), 'utf8')).toContain('"window": ');
    await app.close();
  });
});

describe('its end', () => {
  const stage = useStage();

  it('takes the server along when it is quit', async () => {
    const { app, console } = await openDesktop(stage);
    const origin = await untilReady(console.page);
    const pid = await serverPid(app);
    await app.close();
    expect(isRunning(pid)).toBe(false);
    expect(await isServing(origin)).toBe(false);
  });

  it('leaves no server behind when it is killed', async () => {
    const { app, console } = await openDesktop(stage);
    await untilReady(console.page);
    const pid = await serverPid(app);
    app.process().kill('SIGKILL');
    await until(
      'the server to be gone',
      () => isRunning(pid),
      (running) => !running,
    );
  });

  it('refuses a bad option with one line', async () => {
    const { code, output } = await endOf(launchDesktop(['--port=many'], stage.environment));
    expect(code).toBe(2);
    expect(output).toContain('--port takes a number from 0 to 65535');
  });
});
