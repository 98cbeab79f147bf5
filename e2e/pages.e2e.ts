/** What the server serves: types, caching, policies, and pages without a word in the log. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from './harness/browsers';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const PAGES = [
  { path: '/', shows: 'a[href]' },
  { path: '/stream', shows: '[data-testid="start"]' },
  { path: '/mobile-stream.html', shows: '[data-testid="start"]' },
  { path: '/live-streams', shows: '[data-testid="join-url"]' },
] as const;

describe('pages', () => {
  const stage = useStage();
  let server: SignalServer;
  let origin: string;
  let browser: TestBrowser;

  beforeAll(async () => {
    server = await startServer(stage, { access: 'open' });
    origin = new URL(server.url('stream')).origin;
    browser = await openBrowser(stage, { name: 'visitor' });
  });

  it.each(PAGES)(
    '$path is HTML that is never cached and strict about scripts',
    async ({ path }) => {
      const response = await fetch(`${origin}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/u);
      expect(response.headers.get('cache-control')).toMatch(/no-cache|no-store/u);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/u);
    },
  );

  it.each(PAGES)('$path brings only files that may be kept for ever', async ({ path }) => {
    const html = await (await fetch(`${origin}${path}`)).text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]*assets\/[^"]+)"/gu)].map(
      (match) => new URL(match[1] ?? '', `${origin}${path}`).href,
    );
    expect(assets.length).toBeGreaterThan(0);
    for (const asset of assets) {
      const response = await fetch(asset);
      expect(response.status, asset).toBe(200);
      expect(response.headers.get('cache-control'), asset).toMatch(/immutable/u);
      expect(response.headers.get('content-type'), asset).toMatch(/javascript|css|font|image/u);
    }
  });

  it.each(PAGES)('$path loads without an error or a broken policy', async ({ path, shows }) => {
    const page = await browser.context.newPage();
    const errorsBefore = browser.recorder.errors().length;
    await page.goto(`${origin}${path}`);
    await page.locator(shows).first().waitFor();
    expect(browser.recorder.errors().slice(errorsBefore)).toEqual([]);
    expect(await page.evaluate(() => window.sightlineProbe.violations)).toEqual([]);
    expect(await page.title()).toContain('Sightline');
    await page.close();
  });

  it('offers both ways at the root', async () => {
    const page = await browser.context.newPage();
    await page.goto(origin);
    await page.locator('a[href*="live-streams"]').first().waitFor();
    await page.locator('a[href*="stream"]:not([href*="live-streams"])').first().click();
    await page.waitForURL(/\/stream$/u);
    await page.close();
  });

  it('says that it is healthy', async () => {
    const response = await fetch(server.url('health'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/u);
    expect(await response.json()).toBeTypeOf('object');
  });

  it('knows no other pages and no other methods', async () => {
    expect((await fetch(`${origin}/nothing-here`)).status).toBe(404);
    expect((await fetch(`${origin}/..%2f..%2fpackage.json`)).status).toBe(404);
    expect((await fetch(`${origin}/stream`, { method: 'POST' })).status).toBe(405);
  });

  it('says goodbye on SIGTERM and exits with 0', async () => {
    const own = await startServer(stage);
    const page = await browser.context.newPage();
    await page.goto(own.url('liveStreams'));
    const status = page.getByTestId('server-status');
    await until(
      'a console',
      () => status.getAttribute('data-state'),
      (state) => state === 'live',
    );
    expect(await own.stop()).toBe(0);
    await until(
      'the console to notice',
      () => status.getAttribute('data-state'),
      (state) => state === 'reconnecting',
    );
    await page.close();
  });
});
