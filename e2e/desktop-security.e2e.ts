/**
 * Electron's security checklist on the running application: what the console's page, or one that
 * took its place, tries and must not get, and that the log says so. The rest of the list is held
 * by `desktop/main/checklist.test.ts` and `packaged.e2e.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../scripts/build/paths';
import { openDesktop, type DesktopApp } from './harness/desktop-app';
import { DESKTOP_SWITCHES, stateOf, untilReady } from './harness/desktop-process';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const CONSOLE_URL = 'app://sightline/live-streams/';
const preload = path.join(projectRoot, 'dist', 'desktop', 'preload.cjs');

describe('the desktop', () => {
  const stage = useStage();
  let desktop: DesktopApp;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    page = desktop.console.page;
    origin = await untilReady(page);
  });

  /** Waits for a line of the log that was not there before `length`. */
  const untilLogged = (text: string, length: number) =>
    until(
      `"${text}" in the log`,
      () => desktop.output().slice(length),
      (log) => log.includes(text),
    );

  /** What the console's page is told of, whenever a test wants it. */
  const hideAndShow = () =>
    desktop.app.evaluate(({ BrowserWindow }) => {
      const wall = BrowserWindow.getAllWindows()[0];
      wall?.hide();
      wall?.show();
    });

  it('runs its page in a sandbox of its own, without Node and with web security', async () => {
    const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      // The typings leave this method out.
      const read: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
      return typeof read === 'function'
        ? (Reflect.apply(read, contents, []) as unknown)
        : undefined;
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      // Left out here, `nodeIntegrationInWorker` never is on in a sandbox.
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    const { enableBlinkFeatures = '' } = v.parse(
      v.object({ enableBlinkFeatures: v.optional(v.string()) }),
      preferences,
    );
    expect(enableBlinkFeatures).toBe('');
  });

  it('hands its page nothing of Electron but plain functions', async () => {
    const kinds = await page.evaluate(() =>
      Object.values(window.sightline).map((value: unknown) => typeof value),
    );
    expect(new Set(kinds)).toEqual(new Set(['function']));
    const stop = await page.evaluate(() => {
      const heard: unknown[][] = [];
      const stopHearing = window.sightline.onWindowShownChanged((...all) => heard.push(all));
      Object.assign(window, { heard, stopHearing });
      return typeof stopHearing;
    });
    expect(stop).toBe('function');
    const untilHeard = () =>
      until(
        'the page to hear that its window was hidden and shown',
        () => page.evaluate(() => Reflect.get(window, 'heard') as unknown[][]),
        (heard) => heard.some(([isShown]) => isShown === false) && heard.at(-1)?.[0] === true,
      );
    await hideAndShow();
    // An event of Electron's beside the payload would reach back into the main process.
    for (const all of await untilHeard()) expect(all.map((one) => typeof one)).toEqual(['boolean']);

    // And a listener that was removed hears nothing any more, while another one does.
    await page.evaluate(() => {
      (Reflect.get(window, 'stopHearing') as () => void)();
      const heard: unknown[][] = [];
      window.sightline.onWindowShownChanged((...all) => heard.push(all));
      Object.assign(window, { heard, heardBefore: Reflect.get(window, 'heard') as unknown });
    });
    const before = await page.evaluate(() => (Reflect.get(window, 'heardBefore') as []).length);
    await hideAndShow();
    await untilHeard();
    const after = await page.evaluate(() => (Reflect.get(window, 'heardBefore') as []).length);
    expect(after).toBe(before);
  });

  it.each([
    [
      'an address',
      () => (window.location.href = 'https://example.org/away?x#key=AAAABBBBCCCCDDDD'),
    ],
    [
      'a form',
      () => {
        const form = document.createElement('form');
        form.action = 'https://example.org/away';
        document.body.append(form);
        form.submit();
        form.remove();
      },
    ],
    ['a page of its own', () => (window.location.href = 'app://sightline/live-streams/x.html')],
    ['a file', () => (window.location.href = 'file:///etc/passwd')],
  ])('refuses to navigate by %s', async (name, navigate) => {
    const before = desktop.output().length;
    await page.evaluate(navigate);
    // The content security policy stops a form, and Chromium a file, before Electron hears of it.
    if (name === 'an address')
      await untilLogged('refused a navigation to https://example.org/away', before);
    if (name === 'a page of its own')
      await untilLogged('refused a navigation to app://sightline/', before);
    expect(await page.getByTestId('server-status').count()).toBe(1);
    expect(page.url()).toBe(CONSOLE_URL);
    expect(desktop.output().slice(before)).not.toContain('AAAABBBB');
  });

  it('refuses to open windows, and logs where they should have gone', async () => {
    const before = desktop.output().length;
    const opened = await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.org/link#key=AAAABBBBCCCCDDDD';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
      return [window.open('https://example.org/window'), window.open('mailto:a@example.org')];
    });
    expect(opened).toEqual([null, null]);
    await untilLogged('refused a window for https://example.org/link', before);
    await untilLogged('refused a window for https://example.org/window', before);
    await untilLogged('refused a window for mailto:', before);
    expect(desktop.output()).not.toContain('AAAABBBB');
    const count = await desktop.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
    );
    expect(count).toBe(1);
  });

  it('refuses a webview, even in a window that may have one', async () => {
    const before = desktop.output().length;
    const attached = await desktop.app.evaluate(async ({ BrowserWindow, webContents }) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } });
      try {
        await stranger.loadURL('data:text/html,<webview src="https://example.org/view">');
        await new Promise((resolve) => setImmediate(resolve));
        return webContents.getAllWebContents().some((one) => one.getType() === 'webview');
      } finally {
        stranger.destroy();
      }
    });
    expect(attached).toBe(false);
    await untilLogged('refused a webview of https://example.org/view', before);
  });

  it.each([
    ['notifications', () => Notification.requestPermission()],
    ['media', () => navigator.mediaDevices.getUserMedia({ video: true })],
    ['media', () => navigator.mediaDevices.getUserMedia({ audio: true })],
    ['clipboard-read', () => navigator.clipboard.readText()],
    ['midi', () => navigator.requestMIDIAccess({ sysex: true })],
    [
      'geolocation',
      () =>
        new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, reject);
        }),
    ],
  ])('denies the permission %s', async (permission, ask) => {
    const before = desktop.output().length;
    const outcome = await page.evaluate(
      `(${ask.toString()})().then((answer) => answer === 'denied' ? 'denied' : 'granted', () => 'denied')`,
    );
    expect(outcome).toBe('denied');
    await untilLogged(`denied ${permission}`, before);
  });

  it('denies permissions to pages of other sessions too', async () => {
    const before = desktop.output().length;
    const outcome = await desktop.app.evaluate(async ({ BrowserWindow }, address) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { partition: 'stranger' },
      });
      try {
        await stranger.loadURL(address);
        const asked: unknown = await stranger.webContents.executeJavaScript(
          'Notification.requestPermission()',
        );
        return asked;
      } finally {
        stranger.destroy();
      }
    }, origin);
    expect(outcome).toBe('denied');
    await untilLogged(`denied notifications to ${origin}`, before);
  });

  it('refuses malformed requests of its own page, and logs them without their content', async () => {
    const state = await stateOf(page);
    const before = desktop.output().length;
    const refusals = await page.evaluate(async () => {
      const ask = async (name: keyof typeof window.sightline, given: unknown) => {
        const method: unknown = Reflect.get(window.sightline, name);
        if (typeof method !== 'function') return 'no such method';
        const asked: unknown = Reflect.apply(method, null, [given]);
        return Promise.resolve(asked).then(() => 'taken', String);
      };
      return Promise.all([
        ask('useRemoteServer', { secretWord: true }),
        ask('keepServerKey', { origin: 'https://desk', key: 'secretWordsecretWord' }),
        ask('keepServerKey', { origin: 'wss://desk', key: 'secretWord' }),
        ask('trustRemoteServer', { address: 'desk', fingerprint: 'secretWord' }),
      ]);
    });
    for (const refusal of refusals) expect(refusal).toContain('bad-argument');
    await untilLogged('refused server:use-remote: its argument does not fit', before);
    await untilLogged('refused server:keep-key: its argument does not fit', before);
    await untilLogged('refused server:trust-remote: its argument does not fit', before);
    expect(desktop.output().slice(before)).not.toContain('secretWord');
    expect(await stateOf(page)).toEqual(state);
  });

  it('answers no stranger, tells it nothing, and logs that it asked', async () => {
    const before = desktop.output().length;
    const seen = await desktop.app.evaluate(async ({ BrowserWindow }, script) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload: script } });
      try {
        await stranger.loadURL('data:text/html,<title>stranger</title>');
        const wall = BrowserWindow.getAllWindows().find((one) => one !== stranger);
        const run = (window: typeof wall, code: string): Promise<unknown> =>
          window?.webContents.executeJavaScript(code) ?? Promise.resolve();
        const listen = `(async () => {
          window.told = [];
          window.sightline.onServerStateChanged((state) => window.told.push(state));
          window.sightline.onWindowShownChanged((isShown) => window.told.push(isShown));
          return window.sightline.getServerState().then(({ state }) => state, ({ message }) => message);
        })()`;
        const heard = { stranger: await run(stranger, listen), wall: await run(wall, listen) };
        wall?.hide();
        wall?.show();
        // The wall is told: that is what the stranger would have been told, too.
        const untilTold = `new Promise((resolve) => {
          const timer = setInterval(() => {
            if (window.told.length < 2) return;
            clearInterval(timer);
            resolve(true);
          }, 10);
        })`;
        await run(wall, untilTold);
        return { heard, told: await run(stranger, 'window.told') };
      } finally {
        stranger.destroy();
      }
    }, preload);
    expect(seen).toEqual({ heard: { stranger: 'untrusted-sender', wall: 'ready' }, told: [] });
    await untilLogged('refused server:get-state from data:', before);
  });

  it('stays whole when a page gets around the bridge', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-raw-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    const raw = path.join(folder, 'raw.cjs');
    await writeFile(
      raw,
      `const { contextBridge, ipcRenderer } = require('electron');
       contextBridge.exposeInMainWorld('raw', {
         invoke: (...all) => ipcRenderer.invoke(...all).catch((error) => error.message),
         send: (...all) => ipcRenderer.send(...all),
       });`,
    );
    const before = desktop.output().length;
    const answers = await desktop.app.evaluate(async ({ BrowserWindow }, script) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload: script } });
      try {
        // The console's own address, with another script before it.
        await stranger.loadURL('app://sightline/live-streams/');
        const asked: unknown = await stranger.webContents.executeJavaScript(`(async () => {
          raw.send('server:use-remote', 'desk');
          return Promise.all([
            raw.invoke('server:use-remote', 'desk', 'more'),
            raw.invoke('server:use-remote', new Map([['desk', 1]])),
            raw.invoke('server:keep-key', { origin: 'wss://desk' }),
            raw.invoke('no:such-channel', 1),
          ]);
        })()`);
        return asked;
      } finally {
        stranger.destroy();
      }
    }, raw);
    expect(answers).toEqual([
      { ok: false, code: 'bad-argument' },
      { ok: false, code: 'bad-argument' },
      { ok: false, code: 'bad-argument' },
      expect.stringContaining('No handler registered'),
    ]);
    await untilLogged('refused server:use-remote: its argument does not fit', before);
    await untilLogged('ignored a message on the channel server:use-remote', before);
    expect((await stateOf(page)).state).toBe('ready');
  });
});
