import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { plainOrigin } from './http-routes';
import { Refusals } from './limits/refusals';
import { emptyDir, startServer } from './testing/test-server';
import { VERSION } from './version';

async function startWithPages() {
  const pagesDir = await emptyDir();
  const files = {
    'index.html': '<p>home</p>',
    'stream.html': '<p>stream</p>',
    'mobile-stream.html': '<p>light</p>',
    'live-streams/index.html': '<p>console</p>',
    'live-streams/assets/app-1a2b.js': 'console.log(1)',
    'assets/app-3c4d.css': 'p{}',
    'sw.js': '//',
    'manifest.webmanifest': '{}',
    'icon.png': '',
    '.secret': 'no',
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(pagesDir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await writeFile(path.join(pagesDir, 'stream.html.gz'), gzipSync('<p>zipped</p>'));
  const server = await startServer({ pagesDir });
  const base = `http://127.0.0.1:${server.port}`;
  return { server, pagesDir, base, get: (target: string, init = {}) => fetch(base + target, init) };
}

test('an origin is written as browsers write it', () => {
  for (const port of [80, 8080]) {
    expect(plainOrigin('studio.local', port)).toBe(new URL(`http://studio.local:${port}/`).origin);
  }
});

describe('pages', () => {
  test.each([
    ['/', 'home', 'text/html'],
    ['/stream', 'zipped', 'text/html'],
    ['/mobile-stream.html', 'light', 'text/html'],
    ['/live-streams', 'console', 'text/html'],
    ['/live-streams/', 'console', 'text/html'],
    ['/live-streams/assets/app-1a2b.js', 'console.log', 'text/javascript'],
    ['/assets/app-3c4d.css', 'p{}', 'text/css'],
    ['/sw.js', '//', 'text/javascript'],
    ['/manifest.webmanifest', '{}', 'application/manifest+json'],
  ])('%s is served with its type', async (target, text, type) => {
    const { get } = await startWithPages();
    const response = await get(target);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await response.text()).toContain(text);
  });

  test('are cached for ever where their name is hashed, and checked each time elsewhere', async () => {
    const { get, base } = await startWithPages();
    const asset = await get('/assets/app-3c4d.css');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    const page = await get('/live-streams');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain(base.replace('http:', 'ws:'));
    const etag = page.headers.get('etag') ?? '';
    const again = await get('/live-streams', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('end with a plain word where there is nothing', async () => {
    const { get } = await startWithPages();
    for (const target of ['/nowhere', '/.secret', '/assets/old.js', '/%zz']) {
      const response = await get(target);
      expect(response.status).toBe(404);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('nothing at this address');
    }
  });

  test('answer other methods with 405 and plain requests for the endpoint with 426', async () => {
    const { get } = await startWithPages();
    const posted = await get('/stream', { method: 'POST', body: 'x' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
    const head = await get('/nowhere', { method: 'HEAD' });
    expect(head.status).toBe(404);
    expect((await get('/ws/a/viewer')).status).toBe(426);
  });

  test('stay as they were at the start, while a new build writes others', async () => {
    const { get, pagesDir } = await startWithPages();
    await rm(path.join(pagesDir, 'mobile-stream.html'));
    expect(await (await get('/mobile-stream.html')).text()).toContain('light');
  });

  test('that are not built are named as such, and signaling works all the same', async () => {
    const server = await startServer({ pagesDir: '/nonexistent/sightline' });
    const response = await fetch(`http://127.0.0.1:${server.port}/stream`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm run build');
    await (await server.join('viewer')).settle();
  });
});

test('/healthz counts what there is and is never cached', async () => {
  const { get, server } = await startWithPages();
  const phone = await server.join('streamer');
  const wall = await server.join('viewer');
  await wall.subscribe(await phone.publish());
  const response = await get('/healthz');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    status: 'ok',
    version: VERSION,
    uptimeSeconds: 0,
    clients: 2,
    streams: 1,
    sessions: 1,
    refusals: new Refusals().counts,
  });
});
