import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFor, servePage } from './app-pages';
import { CONSOLE_ORIGIN, CONTENT_SECURITY_POLICY } from './security';

let folder: string;
let pages: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-pages-'));
  pages = path.join(folder, 'live-streams');
  await mkdir(path.join(pages, 'assets'), { recursive: true });
  await writeFile(path.join(pages, 'index.html'), '<title>Console</title>');
  await writeFile(path.join(pages, 'assets', 'app.js'), 'run()');
  await writeFile(path.join(pages, 'assets', 'secret.pem'), 'key');
  await writeFile(path.join(folder, 'outside.html'), 'outside');
  await writeFile(path.join(folder, 'live-streams-old.html'), 'outside');
});

afterAll(() => rm(folder, { recursive: true }));

const get = (pathname: string, method = 'GET'): Promise<Response> =>
  servePage({ method, url: CONSOLE_ORIGIN + pathname }, pages);

describe('servePage', () => {
  it('serves the console with its policy', async () => {
    const response = await get('/live-streams/?x=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe('<title>Console</title>');
  });

  it('serves scripts as scripts', async () => {
    const response = await get('/live-streams/assets/app.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('run()');
  });

  it('answers HEAD without a body', async () => {
    const response = await get('/live-streams/', 'HEAD');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('takes no other method', async () => {
    expect((await get('/live-streams/', 'POST')).status).toBe(405);
  });

  it.each([
    '/live-streams/missing.js',
    '/live-streams/assets/',
    '/live-streams/assets',
    '/live-streams/assets/secret.pem',
    '/live-streams',
    '/',
    '/outside.html',
    '/live-streams/../outside.html',
    '/live-streams/..%2foutside.html',
    '/live-streams/%2e%2e/outside.html',
    '/live-streams/%2e%2e%2foutside.html',
    '/live-streams/..%2flive-streams-old.html',
    '/live-streams/..%5coutside.html',
    '/live-streams/assets/..%2f..%2foutside.html',
    '/live-streams//etc/passwd',
    '/live-streams/%00.html',
    '/live-streams/%zz.html',
    '/live-streams/C:%5cwindows.html',
  ])('gives nothing for %s', async (pathname) => {
    const response = await get(pathname);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('There is no such page.');
  });

  it('answers no other host', () => {
    expect(fileFor('app://other/live-streams/index.html', pages)).toBeUndefined();
  });
});
