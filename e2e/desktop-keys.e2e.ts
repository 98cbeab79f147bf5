/** The keys of servers in the desktop: from where it has them, where it keeps them, who sees them. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { openDesktop, type DesktopApp } from './harness/desktop-app';
import { DESKTOP_SWITCHES, stateOf, untilReady } from './harness/desktop-process';
import { PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('the desktop', () => {
  const stage = useStage();

  const untilLive = (desktop: DesktopApp) =>
    until(
      'the console to be connected',
      () => desktop.console.serverState(),
      (state) => state === 'live',
    );

  it("has its own server's key, keeps it to itself, and gives phones another", async () => {
    const desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    await untilReady(desktop.console.page);
    await untilLive(desktop);
    const key = await keyOf(desktop.console.page);
    expect(key).toMatch(/^[\w-]{22}$/u);
    const join = await desktop.console.joinUrl();
    expect(join).toMatch(/#key=[\w-]{22}$/u);
    expect(join).not.toContain(key);
    expect(desktop.console.page.url()).not.toContain('key');
    expect(desktop.output()).not.toContain(key);
    expect(desktop.output()).not.toContain(new URL(join).hash);
  });

  it('asks for no key where it lets everybody in', async () => {
    const desktop = await openDesktop(stage, { args: [...DESKTOP_SWITCHES, '--access=open'] });
    await untilReady(desktop.console.page);
    await untilLive(desktop);
    expect(await stateOf(desktop.console.page)).not.toHaveProperty('key');
  });

  it('joins a server elsewhere by its link, and again at the next start', async () => {
    const server = await startServer(stage, { access: 'keys' });
    const link = server.url('liveStreams');
    const key = new URLSearchParams(new URL(link).hash.slice(1)).get('key') ?? '';
    expect(key).toMatch(/^[\w-]{22}$/u);
    const first = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    await untilReady(first.console.page);
    const joined = await first.console.page.evaluate(
      (to) => window.sightline.useRemoteServer(to),
      link,
    );
    expect(joined).toEqual({ ok: true });
    await untilReady(first.console.page, 'remote');
    await untilLive(first);
    expect(await keyOf(first.console.page)).toBe(key);

    // What fills the address field, and is kept as the address, holds no key.
    const address = await first.console.page.evaluate(() => window.sightline.getRemoteAddress());
    expect(address).toBe(link.replace(/#.*$/u, ''));
    const settings = path.join(first.userDataDir, 'settings.json');
    expect((await readFile(settings, 'utf8')).split('#key=')).toHaveLength(1);
    if (process.platform !== 'win32') expect((await stat(settings)).mode & 0o777).toBe(0o600);
    await first.app.close();
    expect(first.output()).not.toContain(key);

    const second = await openDesktop(stage, {
      args: DESKTOP_SWITCHES,
      userDataDir: first.userDataDir,
    });
    await untilReady(second.console.page, 'remote');
    await untilLive(second);
    expect(second.output()).not.toContain(key);
  });

  it('comes in anew by the link of another role, and stays in where a link is worth nothing', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-roles-'));
    stage.own({ name: dataDir, close: () => rm(dataDir, { recursive: true, force: true }) });
    const options = ['--data-dir', dataDir];
    const server = await startServer(stage, { access: 'keys', options });
    const phone = await PhonePage.open(stage, server.url('stream'), { phone: 1 });
    await phone.start();
    const { keys } = v.parse(
      v.object({ keys: v.object({ viewer: v.string(), operator: v.string() }) }),
      JSON.parse(await readFile(path.join(dataDir, 'access.json'), 'utf8')),
    );
    const linkWith = (key: string) =>
      `${server.url('liveStreams').replace(/#.*$/u, '')}#key=${key}`;
    const desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    const { page } = desktop.console;
    await untilReady(page);
    const join = (link: string) =>
      page.evaluate((to) => window.sightline.useRemoteServer(to), link);
    await join(linkWith(keys.viewer));
    await desktop.console.untilPictureOf(1);
    // Only an operator may look after the room.
    const roomButton = page.getByRole('button', { name: 'Room', exact: true });
    expect(await roomButton.count()).toBe(0);

    const worthless = 'x'.repeat(22);
    await join(linkWith(worthless));
    await page.getByText('You are still in as before.').waitFor();
    expect(await desktop.console.serverState()).toBe('live');
    expect(await desktop.console.tiles()).toMatchObject([{ state: 'live' }]);
    await until(
      'the key that holds',
      () => keyOf(page),
      (key) => key === keys.viewer,
    );

    await join(linkWith(keys.operator));
    await roomButton.waitFor();
    await desktop.console.untilPictureOf(1);
    await until(
      'the new key to be kept',
      () => readFile(path.join(desktop.userDataDir, 'settings.json'), 'utf8'),
      (text) => !text.includes(worthless) && text.includes('serverKeys'),
    );
    expect(await keyOf(page)).toBe(keys.operator);
  });

  it('keeps a key that the page was given for the server in use', async () => {
    const server = await startServer(stage, { access: 'keys' });
    const link = new URL(server.url('liveStreams'));
    const key = new URLSearchParams(link.hash.slice(1)).get('key') ?? '';
    const first = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    const { page } = first.console;
    await untilReady(page);
    await page.evaluate((to) => window.sightline.useRemoteServer(to), link.host);
    await untilReady(page, 'remote');
    expect(await stateOf(page)).not.toHaveProperty('key');
    const origin = `ws://${link.host}`;
    expect(await keep(page, 'ws://127.0.0.1:9', key)).toBe(false);
    expect(await keep(page, origin, key)).toBe(true);
    await first.app.close();

    const second = await openDesktop(stage, {
      args: DESKTOP_SWITCHES,
      userDataDir: first.userDataDir,
    });
    await untilReady(second.console.page, 'remote');
    await untilLive(second);
    expect(await keyOf(second.console.page)).toBe(key);
  });
});

async function keyOf(page: Page): Promise<string> {
  const state = await stateOf(page);
  return state.state === 'ready' ? (state.key ?? '') : '';
}

function keep(page: Page, origin: string, key: string): Promise<boolean> {
  return page.evaluate((kept) => window.sightline.keepServerKey(kept), { origin, key });
}
