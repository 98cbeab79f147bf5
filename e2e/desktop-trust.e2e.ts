/** Whom the desktop trusts: its own server by its root, others by what the operator confirms. */
import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerState } from '../desktop/bridge/contract';
import { openDesktop, type DesktopApp } from './harness/desktop-app';
import { DESKTOP_SWITCHES, stateOf, untilReady } from './harness/desktop-process';
import { startServer, type SignalServer } from './harness/signal-server';
import type { Stage } from './harness/stage';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('with TLS', () => {
  const stage = useStage();
  let desktop: DesktopApp;
  let page: Page;

  beforeAll(async () => {
    desktop = await openDesktop(stage, {
      args: DESKTOP_SWITCHES,
      environment: { SIGHTLINE_TLS: 'auto', SIGHTLINE_HTTP_PORT: '0' },
    });
    page = desktop.console.page;
  });

  const untilLive = () =>
    until(
      'the console to be connected',
      () => desktop.console.serverState(),
      (state) => state === 'live',
    );

  const untilState = (what: string, matches: (state: ServerState) => boolean) =>
    until(what, () => stateOf(page), matches);

  it('accepts its own server by the root it has made, kept with its settings', async () => {
    expect(await untilReady(page)).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/u);
    await untilLive();
    const state = await stateOf(page);
    const root = await rootOf(path.join(desktop.userDataDir, 'server'));
    expect(state).toMatchObject({ kind: 'embedded', rootFingerprint: root });
  });

  it('accepts no other certificate, and nothing else at that port', async () => {
    const stranger = await startSecure(stage);
    const outcome = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url, 'sightline.v1');
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        }),
      `${stranger.url('ws')}/${crypto.randomUUID()}/viewer`,
    );
    expect(outcome).toBe('refused');
  });

  it('joins a server elsewhere only after the operator has confirmed its root', async () => {
    const folder = await temporaryFolder(stage);
    const server = await startSecure(stage, folder);
    const address = new URL(server.url('stream')).host;
    const asked = await page.evaluate((to) => window.sightline.useRemoteServer(to), address);
    const fingerprint = await rootOf(folder);
    expect(asked).toMatchObject({ ok: false, trust: { address, fingerprint } });
    expect((await stateOf(page)).kind).toBe('embedded');

    const decision = { address, fingerprint };
    const joined = await page.evaluate((to) => window.sightline.trustRemoteServer(to), decision);
    expect(joined).toEqual({ ok: true });
    await untilState('the other server', (state) => state.kind === 'remote');
    await untilLive();

    // Back and there again: no further question.
    await page.evaluate(() => window.sightline.useEmbeddedServer());
    await untilReady(page);
    const again = await page.evaluate((to) => window.sightline.useRemoteServer(to), address);
    expect(again).toEqual({ ok: true });
    await untilLive();
  });

  it('refuses a certificate that changes while it is in use, and takes the new one on demand', async () => {
    const before = await temporaryFolder(stage);
    const server = await startSecure(stage, before);
    const address = new URL(server.url('stream')).host;
    const first = { address, fingerprint: await rootOf(before) };
    await page.evaluate((to) => window.sightline.trustRemoteServer(to), first);
    await untilLive();
    await server.kill();

    const after = await temporaryFolder(stage);
    const impostor = await startSecure(stage, after, new URL(server.url('stream')).port);
    const state = await untilState('the change to be noticed', (seen) => seen.state === 'failed');
    const fingerprint = await rootOf(after);
    expect(state).toMatchObject({
      message: expect.stringContaining('has changed since you trusted it') as string,
      trust: { fingerprint, previousFingerprint: first.fingerprint },
    });
    expect(await desktop.console.serverState()).toBe('failed');

    // Chromium remembers that it has refused; that must not stand against the operator's word.
    await page.evaluate((to) => window.sightline.trustRemoteServer(to), { address, fingerprint });
    await untilLive();

    // And what was trusted is not trusted any more.
    await impostor.kill();
    await startSecure(stage, before, new URL(server.url('stream')).port);
    await untilState('the old root to be refused', (seen) => seen.state === 'failed');
  });
});

describe('the servers of a network', () => {
  const stage = useStage();

  it('are listed without the own one, and joined after a look at the fingerprint', async ({
    skip,
  }) => {
    const folder = await temporaryFolder(stage);
    const names = { other: `Studio ${randomUUID()}`, own: `Desk ${randomUUID()}` };
    const server = await startServer(stage, {
      access: 'open',
      host: '0.0.0.0',
      tls: 'auto',
      options: ['--data-dir', folder, '--http-port', '0', '--name', names.other],
    });
    const address = server.urls.stream.map((url) => new URL(url).host).at(1);
    if (address === undefined) skip('This machine is on no network where others could be found.');
    const desktop = await openDesktop(stage, {
      args: ['--port=0', '--host=0.0.0.0'],
      environment: { SIGHTLINE_TLS: 'auto', SIGHTLINE_HTTP_PORT: '0', SIGHTLINE_NAME: names.own },
    });
    const { page } = desktop.console;
    await untilReady(page);

    await page.getByRole('button', { name: 'Server', exact: true }).click();
    await page.getByRole('button', { name: names.other }).click();
    await page.getByText('Is this the right server?').waitFor();
    const shown = await page.getByTestId('fingerprint').textContent();
    expect(shown?.trim()).toBe(await rootOf(folder));
    const { servers } = await page.evaluate(() => window.sightline.getFoundServers());
    expect(servers.map(({ name }) => name)).not.toContain(names.own);

    await page.getByTestId('trust').click();
    await untilReady(page, 'remote');
    await until(
      'the console to be connected',
      () => desktop.console.serverState(),
      (state) => state === 'live',
    );
    const { servers: known } = await page.evaluate(() => window.sightline.getFoundServers());
    expect(known.find(({ name }) => name === names.other)).toMatchObject({ isKnown: true });
  });

  it('are not looked for when that is switched off', async () => {
    const desktop = await openDesktop(stage, { args: [...DESKTOP_SWITCHES, '--discovery=off'] });
    const found = await desktop.console.page.evaluate(() => window.sightline.getFoundServers());
    expect(found).toEqual({ isLooking: false, servers: [] });
    await untilReady(desktop.console.page);
  });
});

async function startSecure(stage: Stage, dataDir?: string, port = '0'): Promise<SignalServer> {
  const folder = dataDir ?? (await temporaryFolder(stage));
  const options = ['--data-dir', folder, '--http-port', '0', '--port', port];
  // By its bare address: which root is trusted is asked before any key is.
  return startServer(stage, { tls: 'auto', access: 'open', options });
}

/** Fingerprint of the root that a server keeps in this folder. */
async function rootOf(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const file = files.find((name) => path.basename(name) === 'root.crt');
  return new X509Certificate(await readFile(path.join(folder, file ?? ''))).fingerprint256;
}

async function temporaryFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-trust-'));
  stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
  return folder;
}
