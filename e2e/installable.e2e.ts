/** The phone page as an installed app: its manifest, its shell without a network, its updates. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../scripts/build/paths';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const manifestSchema = v.object({
  id: v.string(),
  name: v.string(),
  short_name: v.string(),
  start_url: v.string(),
  display: v.picklist(['standalone', 'fullscreen']),
  icons: v.array(
    v.object({ src: v.string(), sizes: v.string(), purpose: v.optional(v.string(), 'any') }),
  ),
});

describe('the installed phone page', () => {
  const stage = useStage('test');
  let server: SignalServer;
  let phone: PhonePage;
  let webDir: string;

  // A copy of its own, so that a new version can be put there.
  beforeEach(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-pages-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    webDir = path.join(folder, 'web');
    await cp(path.join(distDir, 'web'), webDir, { recursive: true });
    await cp(path.join(distDir, 'server'), path.join(folder, 'server'), { recursive: true });
    server = await startServer(stage, { bundle: path.join(folder, 'server', 'main.cjs') });
    phone = await openPhone(stage, server, { phone: 5 });
    await untilControlled(phone.page);
  });

  it('has a manifest with everything an installation needs', async () => {
    const link = await phone.page.locator('link[rel="manifest"]').getAttribute('href');
    const base = server.url('stream');
    const response = await fetch(new URL(link ?? '', base));
    expect(response.headers.get('content-type')).toMatch(/manifest\+json|application\/json/u);
    const manifest = v.parse(manifestSchema, await response.json());
    expect(new URL(manifest.start_url, base).pathname).toBe('/stream');
    const wanted = ['192x192 any', '512x512 any', '512x512 maskable'];
    const given = manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`);
    expect(given).toEqual(expect.arrayContaining(wanted));
    for (const { src } of manifest.icons) {
      const icon = await fetch(new URL(src, base));
      expect(icon.status, src).toBe(200);
      expect(icon.headers.get('content-type'), src).toMatch(/^image\//u);
    }
  });

  it('passes the check of Chromium itself, which sees what is missing', async () => {
    const session = await phone.page.context().newCDPSession(phone.page);
    /** Without the one that only says that tests use private windows. */
    const missing = async () => {
      const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
      return installabilityErrors
        .map(({ errorId }) => errorId)
        .filter((errorId) => errorId !== 'in-incognito');
    };
    expect(await missing()).toEqual([]);
    const { url, errors, data } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(new URL(url).pathname).toBe('/manifest.webmanifest');
    expect(v.parse(manifestSchema, JSON.parse(data ?? '')).start_url).toBe('/stream');

    await phone.page.locator('link[rel="manifest"]').evaluate((link) => link.remove());
    await until('the check to fail', missing, (ids) => ids.includes('no-manifest'));
  });

  it('names itself and its icon to iPhones, which do not read all of the manifest', async () => {
    const content = (name: string) =>
      phone.page.locator(`meta[name="${name}"]`).getAttribute('content');
    expect(await content('apple-mobile-web-app-title')).toBe('Sightline');
    expect(await content('apple-mobile-web-app-capable')).toBe('yes');
    // The page reaches below the status bar, and keeps clear of it by the safe area.
    expect(await content('apple-mobile-web-app-status-bar-style')).toBe('black-translucent');
    expect(await content('viewport')).toContain('viewport-fit=cover');
    const icon = await phone.page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
    const png = Buffer.from(
      await (await fetch(new URL(icon ?? '', phone.page.url()))).arrayBuffer(),
    );
    // PNG (RFC 2083): width, height, bits and color type; 2 is opaque, since iOS turns clear to black.
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[25]]).toEqual([180, 180, 2]);
  });

  it('shows its shell without a server, but neither the console nor signaling', async () => {
    await server.kill();
    await phone.page.reload();
    await phone.page.getByTestId('start').waitFor();

    const cached = await phone.page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(
        names.map(async (name) => (await caches.open(name)).keys()),
      );
      return requests.flat().map((request) => new URL(request.url).pathname);
    });
    expect(cached.length).toBeGreaterThan(0);
    expect(cached.filter((file) => /live-streams|^\/ws|healthz/u.test(file))).toEqual([]);

    const opened = await phone.page.context().newPage();
    await expect(opened.goto(server.url('liveStreams'))).rejects.toThrow(/ERR_CONNECTION_REFUSED/u);
  });

  it('offers a new version and takes it when told to', async () => {
    await publishNewVersion();
    const offer = await offerOf(phone.page);
    await Promise.all([phone.page.waitForEvent('load'), offer.click()]);
    await phone.page.getByTestId('start').waitFor();
    const isCurrent = await phone.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.waiting === null;
    });
    expect(isCurrent).toBe(true);
  });

  it('never reloads a phone that is live', async () => {
    await phone.start();
    await phone.page.evaluate(() => Reflect.set(window, 'survived', true));
    await publishNewVersion();
    await until(
      'the new version to wait',
      () =>
        phone.page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          return registration?.waiting?.state;
        }),
      (state) => state === 'installed',
    );
    // Another tab may take the new version; that must not pull this one along either.
    const other = await phone.page.context().newPage();
    await other.goto(server.url('stream'));
    await (await offerOf(other)).click();
    await until(
      'the new version to be active',
      () =>
        phone.page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          return registration?.waiting ?? null;
        }),
      (waiting) => waiting === null,
    );
    expect(await phone.page.evaluate(() => Reflect.get(window, 'survived') as unknown)).toBe(true);
    expect(await phone.state()).toBe('live');
  });

  /** As an update does: other files, then a server that knows them. */
  async function publishNewVersion(): Promise<void> {
    await server.stop();
    await appendFile(path.join(webDir, 'sw.js'), '\n// A newer version.\n');
    for (const packed of ['sw.js.gz', 'sw.js.br'])
      await rm(path.join(webDir, packed), { force: true });
    await server.start();
    await phone.page.evaluate(async () => {
      await (await navigator.serviceWorker.getRegistration())?.update();
    });
  }
});

/** The button that takes a new version. */
async function offerOf(page: Page) {
  const offer = page.getByRole('button', { name: /reload|update/iu });
  await offer.waitFor();
  return offer;
}

/** The first visit installs the worker; it serves pages from the next one on. */
async function untilControlled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await until(
    'the page to be served by its worker',
    () => page.evaluate(() => navigator.serviceWorker.controller?.state),
    (state) => state === 'activated',
  );
}
