/** The desktop application itself: its window, its rules and its server. */
import type { Page } from 'playwright';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDesktop, type DesktopApp } from './harness/desktop-app';
import {
  DESKTOP_SWITCHES,
  endOf,
  isRunning,
  isServing,
  launchDesktop,
  serverPid,
  stateOf,
  untilReady,
} from './harness/desktop-process';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const CONSOLE_URL = 'app://sightline/live-streams/';

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

  it('shows the console from its own scheme, without Node', async () => {
    expect(page.url()).toBe(CONSOLE_URL);
    const globals = await page.evaluate(() => ({
      isSecure: window.isSecureContext,
      node: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(window.sightline).sort(),
    }));
    expect(globals).toEqual({
      isSecure: true,
      node: [],
      bridge: [
        'getFoundServers',
        'getRemoteAddress',
        'getServerState',
        'keepServerKey',
        'onFoundServersChanged',
        'onServerStateChanged',
        'onWindowShownChanged',
        'trustRemoteServer',
        'useEmbeddedServer',
        'useFoundServer',
        'useRemoteServer',
      ],
    });
  });

  it('runs a server that its own console uses', async () => {
    expect(await isServing(origin)).toBe(true);
    expect(new URL(await desktop.console.joinUrl()).port).toBe(new URL(origin).port);
    await until(
      'the console to be connected',
      () => desktop.console.serverState(),
      (state) => state === 'live',
    );
  });

  it('runs no script that is not its own', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      return 'injected' in window;
    });
    expect(ran).toBe(false);
  });

  it('gives out no file beside the console', async () => {
    const statuses = await page.evaluate(() =>
      Promise.all(
        ['../stream.html', '..%2fstream.html', '..%2f..%2fserver%2fmain.cjs', 'missing.js'].map(
          async (name) => (await fetch(`app://sightline/live-streams/${name}`)).status,
        ),
      ),
    );
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  it('goes nowhere else and opens no window', async () => {
    await page.evaluate(() => {
      window.location.href = 'https://example.org/';
    });
    const opened = await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.org/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      frame.remove();
      return window.open('app://sightline/live-streams/') !== null;
    });
    expect(opened).toBe(false);
    // A navigation that was allowed would by now have replaced the page and its answer.
    expect(await isServing(origin)).toBe(true);
    expect(page.url()).toBe(CONSOLE_URL);
    const windows = await desktop.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
    );
    expect(windows).toBe(1);
  });

  it('is given what it needs and nothing else', async () => {
    const outcome = await page.evaluate(async () => {
      const nameOf = (error: unknown) => (error instanceof Error ? error.name : String(error));
      const tried = (attempt: Promise<unknown>) => attempt.then(() => 'granted', nameOf);
      return {
        notifications: await Notification.requestPermission(),
        microphone: await tried(navigator.mediaDevices.getUserMedia({ audio: true })),
        camera: await tried(navigator.mediaDevices.getUserMedia({ video: true })),
        clipboardRead: await tried(navigator.clipboard.readText()),
        location: await new Promise((resolve) => {
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
          );
        }),
      };
    });
    expect(outcome).toEqual({
      notifications: 'denied',
      microphone: 'NotAllowedError',
      camera: 'NotAllowedError',
      clipboardRead: 'NotAllowedError',
      location: 'denied',
    });
  });

  it('may fill the screen and copy the join link', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
    await page.bringToFront();
    const copied = await page.evaluate(async () => {
      await navigator.clipboard.writeText('copied by the console');
      await document.body.requestFullscreen();
      const isFull = document.fullscreenElement !== null;
      await document.exitFullscreen();
      return isFull;
    });
    expect(copied).toBe(true);
    const text = await desktop.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(text).toBe('copied by the console');
  });

  it('refuses arguments that do not fit, and changes nothing', async () => {
    const before = await stateOf(page);
    const refusals = await page.evaluate(async () => {
      const refused: string[] = [];
      for (const address of [5, '', 'x'.repeat(500), { desk: true }, ['desk']]) {
        const asked: unknown = Reflect.apply(
          (to: string) => window.sightline.useRemoteServer(to),
          null,
          [address],
        );
        await Promise.resolve(asked).catch((error: unknown) => refused.push(String(error)));
      }
      return refused;
    });
    expect(refusals).toHaveLength(5);
    for (const refusal of refusals) expect(refusal).toContain('bad-argument');
    expect(await stateOf(page)).toEqual(before);
  });

  it('offers phones the real addresses of all its interfaces', async () => {
    const candidates = await page.evaluate(async () => {
      const pc = new RTCPeerConnection();
      pc.createDataChannel('probe');
      const found: string[] = [];
      const complete = new Promise<void>((resolve) => {
        pc.onicecandidate = ({ candidate }) => {
          if (candidate === null) resolve();
          else if (candidate.candidate !== '') found.push(candidate.candidate);
        };
      });
      await pc.setLocalDescription();
      await complete;
      pc.close();
      return found;
    });
    expect(candidates.length).toBeGreaterThan(0);
    for (const candidate of candidates) {
      expect(candidate).not.toContain('.local');
      // Chromium numbers networks only when it may use all of them.
      expect(candidate).toContain('network-id');
    }
  });

  it('starts a dead server again on the same port', async () => {
    const dead = await serverPid(desktop.app);
    process.kill(dead, 'SIGKILL');
    await until(
      'the dead server to be gone',
      () => isRunning(dead),
      (running) => !running,
    );
    await until(
      'another server process',
      () => isServing(origin),
      (serving) => serving,
    );
    expect(await untilReady(page)).toBe(origin);
    expect(await serverPid(desktop.app)).not.toBe(dead);
  });

  it('joins a server elsewhere, and comes back', async () => {
    const elsewhere = await startServer(stage, { access: 'open' });
    const address = new URL(elsewhere.url('liveStreams')).host;
    const refusal = await page.evaluate(() => window.sightline.useRemoteServer('127.0.0.1:9'));
    expect(refusal).toMatchObject({ ok: false });
    expect((await stateOf(page)).kind).toBe('embedded');

    const joined = await page.evaluate((to) => window.sightline.useRemoteServer(to), address);
    expect(joined).toEqual({ ok: true });
    expect(await untilReady(page, 'remote')).toBe(`http://${address}`);
    expect(await isServing(origin)).toBe(false);
    await until(
      'the console to show the other server',
      () => desktop.console.joinUrl(),
      (url) => new URL(url).host === address,
    );

    await page.evaluate(() => window.sightline.useEmbeddedServer());
    expect(await untilReady(page)).toBe(origin);
    expect(await page.evaluate(() => window.sightline.getRemoteAddress())).toBe(address);
  });

  it('lets a second start bring up the first window', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const second = await endOf(
      launchDesktop(
        [`--user-data-dir=${desktop.userDataDir}`, ...DESKTOP_SWITCHES],
        stage.environment,
      ),
    );
    expect(second.code).toBe(0);
    expect(second.output).toContain('already running');
    await until(
      'the first window to be shown',
      () =>
        desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
      (isVisible) => isVisible === true,
    );
  });
});
