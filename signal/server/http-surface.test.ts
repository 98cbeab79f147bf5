/** The HTTP surface from outside, by raw sockets: no file but the built ones, in no disguise. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { rawHttp, requestFor } from './testing/raw-http';
import { emptyDir, startServer } from './testing/test-server';

const TEXT = '0123456789';

async function start() {
  const parent = await emptyDir();
  const pagesDir = path.join(parent, 'web');
  await mkdir(path.join(pagesDir, 'assets'), { recursive: true });
  await writeFile(path.join(parent, 'secret.html'), 'SECRET');
  await writeFile(path.join(pagesDir, '.hidden.html'), 'SECRET');
  await writeFile(path.join(pagesDir, 'stream.html'), TEXT);
  await writeFile(path.join(pagesDir, 'empty.txt'), '');
  await writeFile(path.join(pagesDir, 'assets/app.js'), 'app();');
  await writeFile(path.join(pagesDir, 'assets/app.js.gz'), gzipSync('app();'));
  await writeFile(
    path.join(pagesDir, 'assets/app.js.br'),
    brotliCompressSync(Buffer.from('app();')),
  );
  await symlink(path.join(parent, 'secret.html'), path.join(pagesDir, 'link.html'));
  const { port } = await startServer({ pagesDir });
  const ask = (target: string, headers?: readonly string[], method?: string) =>
    rawHttp(port, requestFor(target, headers, method));
  const get = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${target}`, {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
    });
  return { port, ask, get };
}

describe('outside the folder of pages there is nothing', () => {
  test.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/%2e%2e%2fsecret.html',
    '/..%2fsecret.html',
    '/..%5csecret.html',
    '/..\\secret.html',
    '/%252e%252e%252fsecret.html',
    '/%c0%ae%c0%ae/secret.html',
    '/assets/%00/../../secret.html',
    '/stream.html%00.png',
    '/./../secret.html',
    '//secret.html',
    '///etc/passwd',
    '/file:///etc/passwd',
    '/etc/passwd',
    '../secret.html',
    'http://x/../secret.html',
    'file:///etc/passwd',
    '/link',
    '/link.html',
    '/.hidden.html',
    '/.hidden',
    '/%2ehidden.html',
    '/assets/app.js.gz',
    '/__proto__',
    '/constructor',
  ])('%s', async (target) => {
    const { ask } = await start();
    const answer = await ask(target);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /u);
    expect(answer).not.toContain('SECRET');
    expect(answer).not.toContain('root:');
  });

  test('and folders list nothing', async () => {
    const { ask } = await start();
    for (const target of ['/assets', '/assets/', '/assets/.', '/']) {
      const answer = await ask(target);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /u);
      expect(answer).not.toContain('app.js');
    }
  });

  test('a whole URL asks for its path, on this server', async () => {
    const { ask } = await start();
    expect(await ask('http://elsewhere.example/stream?x#y')).toContain(TEXT);
    expect(await ask('http://elsewhere.example')).toMatch(/^HTTP\/1\.1 404 /u);
  });
});

describe('what is no plain request', () => {
  test.each([
    ['POST', 405],
    ['PUT', 405],
    ['DELETE', 405],
    ['OPTIONS', 405],
    ['TRACE', 405],
    ['PROPFIND', 405],
    ['BREW', 400],
  ])('%s is answered %i', async (method, status) => {
    const { ask } = await start();
    const answer = await ask('/stream', ['Content-Length: 2'], method);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, 'u'));
    expect(answer).toContain('Connection: close');
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', '\u0016\u0003\u0001\u0000\u0001'],
    ['a space in a header name', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['two lengths', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'a length and chunks',
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
  ])('%s is refused and the connection ends', async (_name, text) => {
    const { port } = await start();
    expect(await rawHttp(port, Buffer.from(text, 'latin1'))).toMatch(/^HTTP\/1\.1 400 /u);
  });

  test('CONNECT and unknown upgrades open nothing', async () => {
    const { ask } = await start();
    expect(await ask('x:443', [], 'CONNECT')).toBe('');
    const upgraded = await ask('/stream', ['Connection: Upgrade', 'Upgrade: h2c']);
    expect(upgraded).toMatch(/^HTTP\/1\.1 404 /u);
  });
});

describe('ranges', () => {
  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-999', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, TEXT, null],
    ['bytes=5-2', 200, TEXT, null],
    ['nonsense', 200, TEXT, null],
  ])('%s', async (range, status, body, contentRange) => {
    const { get } = await start();
    const response = await get('/stream', { range });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(await response.text()).toBe(body);
  });

  test('are given only of the very file that was begun', async () => {
    const { get } = await start();
    const etag = (await get('/stream')).headers.get('etag') ?? '';
    const range = 'bytes=1-2';
    expect(etag).toMatch(/^"[\w-]{22}"$/u);
    expect((await get('/stream', { range, 'if-range': etag })).status).toBe(206);
    for (const other of ['"other"', `W/${etag}`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      expect((await get('/stream', { range, 'if-range': other })).status).toBe(200);
    }
  });

  test('mean nothing to HEAD, to empty files but their end, and to what has not changed', async () => {
    const { get } = await start();
    const head = await get('/stream', { range: 'bytes=1-2' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    expect((await get('/empty.txt')).status).toBe(200);
    expect((await get('/empty.txt', { range: 'bytes=0-' })).status).toBe(416);
    const etag = head.headers.get('etag') ?? '';
    const same = await get('/stream', { range: 'bytes=1-2', 'if-none-match': `"x", W/${etag}` });
    expect([same.status, await same.text()]).toEqual([304, '']);
    expect(same.headers.get('cache-control')).toBe('no-cache');
  });

  test('are of what is sent, compressed where the browser takes that', async () => {
    const { get } = await start();
    const answers = await Promise.all(
      ['identity', 'gzip', 'gzip, br', 'br;q=0, gzip;q=1.0', 'br;q=0', ''].map((encoding) =>
        get('/assets/app.js', { 'accept-encoding': encoding }),
      ),
    );
    const encodings = answers.map(({ headers }) => headers.get('content-encoding'));
    expect(encodings).toEqual([null, 'gzip', 'br', 'gzip', null, null]);
    for (const { headers } of answers) expect(headers.get('vary')).toBe('Accept-Encoding');
    const [plain, gzip, br] = answers.map(({ headers }) => headers.get('etag'));
    expect(new Set([plain, gzip, br]).size).toBe(3);
    const mixed = await get('/assets/app.js', {
      'accept-encoding': 'gzip',
      range: 'bytes=0-1',
      'if-range': plain ?? '',
    });
    expect(mixed.status).toBe(200);
  });
});
