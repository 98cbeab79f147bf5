/** The bundle as a process with TLS: what it keeps on disk, and what it refuses to start with. */
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { serverBuild } from '../../scripts/build/server';
import { send } from './testing/secure-request';
import { runServer, type ServerProcess } from './testing/server-process';
import { DAY_MS, makeCertificates } from './testing/test-certificates';
import { emptyDir } from './testing/test-server';

const readySchema = v.object({
  urls: v.object({ stream: v.array(v.string()), trust: v.array(v.string()) }),
  rootFingerprint: v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u)),
});

let folder = '';
let bundle = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-bundle-'));
  bundle = path.join(folder, 'server', 'main.cjs');
  await build({ configFile: false, logLevel: 'error', ...serverBuild(bundle) });
  await mkdir(path.join(folder, 'web'));
  await writeFile(path.join(folder, 'web', 'stream.html'), '<p>stream</p>');
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], environment: Record<string, string> = {}): ServerProcess {
  const ports = ['--host', '127.0.0.1', '--port', '0', '--json', '--http-port', '0'];
  return runServer(bundle, [...ports, ...args], { SIGHTLINE_TLS: '', ...environment });
}

async function ready(server: ServerProcess) {
  return v.parse(readySchema, JSON.parse(await server.firstLine()));
}

/** The one sentence with which it refuses to start. */
async function refusalOf(server: ServerProcess): Promise<string> {
  expect(await server.exited).toBe(2);
  expect(server.output.stdout).toBe('');
  const lines = server.output.stderr.trimEnd().split('\n');
  const sentences = lines.filter((line) => line.startsWith('sightline: '));
  expect(sentences).toEqual([lines.at(-1)]);
  return sentences[0] ?? '';
}

describe('--tls auto', () => {
  test('a restart keeps the root and its files, a new folder makes a new one', async () => {
    const dataDir = path.join(await emptyDir(), 'not', 'there', 'yet');
    const start = async (given: string) => {
      const server = run(['--tls', 'auto', '--data-dir', given]);
      const facts = await ready(server);
      const ca = (await send(facts.urls.trust[0]!.replace(/trust$/u, 'sightline-root.crt'))).body;
      expect(new X509Certificate(ca).fingerprint256).toBe(facts.rootFingerprint);
      expect((await send(facts.urls.stream[0]!, { ca })).body).toBe('<p>stream</p>');
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);
      const leaf = await readFile(path.join(given, 'tls', 'leaf.crt'), 'utf8');
      return { root: facts.rootFingerprint, leaf };
    };
    const first = await start(dataDir);
    expect(await start(dataDir)).toEqual(first);
    expect((await start(await emptyDir())).root).not.toBe(first.root);
    for (const name of ['root.key', 'leaf.key']) {
      expect((await stat(path.join(dataDir, 'tls', name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(path.join(dataDir, 'tls'))).mode & 0o777).toBe(0o700);
  });

  test('two that start at once in one folder agree on one root', async () => {
    const dataDir = await emptyDir();
    const servers = [1, 2, 3].map(() => run(['--tls', 'auto', '--data-dir', dataDir]));
    const facts = await Promise.all(servers.map(ready));
    expect(new Set(facts.map(({ rootFingerprint }) => rootFingerprint)).size).toBe(1);
    for (const { urls } of facts) {
      const ca = (await send(urls.trust[0]!.replace(/trust$/u, 'sightline-root.crt'))).body;
      expect((await send(urls.stream[0]!, { ca })).status).toBe(200);
    }
  });

  test('keeps its data where the platform keeps it, unless told', async () => {
    const home = await emptyDir();
    const places = { XDG_DATA_HOME: home, HOME: home, APPDATA: home };
    await ready(run([], { SIGHTLINE_TLS: 'auto', SIGHTLINE_DATA_DIR: '', ...places }));
    const kept = process.platform === 'linux' ? 'sightline' : 'Sightline';
    const base =
      process.platform === 'darwin' ? path.join(home, 'Library', 'Application Support') : home;
    expect((await stat(path.join(base, kept, 'tls', 'root.crt'))).isFile()).toBe(true);
  });

  test('a half-written or broken folder is named, and left as it was', async () => {
    const dataDir = await emptyDir();
    const key = path.join(dataDir, 'tls', 'root.key');
    await mkdir(path.dirname(key));
    await writeFile(key, '-----BEGIN PRIVATE KEY-----\nMIG');
    expect(await refusalOf(run(['--tls', 'auto', '--data-dir', dataDir]))).toContain(key);
    expect(await readFile(key, 'utf8')).toBe('-----BEGIN PRIVATE KEY-----\nMIG');

    const file = path.join(dataDir, 'file');
    await writeFile(file, '');
    const sentence = await refusalOf(run(['--tls', 'auto', '--data-dir', file]));
    expect(sentence).toContain(file);
    expect(sentence).toContain('--data-dir');
  });

  test('a key that others could read is made private', async () => {
    const dataDir = await emptyDir();
    await ready(run(['--tls', 'auto', '--data-dir', dataDir]));
    const key = path.join(dataDir, 'tls', 'root.key');
    await chmod(key, 0o644);
    const second = run(['--tls', 'auto', '--data-dir', dataDir]);
    await ready(second);
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(second.output.stderr).toContain('other users could read this key');
  });

  test('a public address to listen on is refused with the way out', async () => {
    const dataDir = await emptyDir();
    const server = run(['--tls', 'auto', '--data-dir', dataDir, '--host', '8.8.4.4']);
    expect(await refusalOf(server)).toMatch(/--host 8\.8\.4\.4 .*--cert/u);
  });

  test('the usual port for phones to begin is given up when it is taken', async () => {
    const holder = createServer();
    onTestFinished(() => void holder.close());
    // Somebody else may hold it already, which is as good.
    await new Promise<void>((resolve) => {
      holder.once('error', () => resolve());
      holder.listen(8080, '127.0.0.1', () => resolve());
    });
    const args = ['--tls', 'auto', '--host', '127.0.0.1', '--port', '0', '--json'];
    const server = runServer(bundle, [...args, '--data-dir', await emptyDir()]);
    const { urls } = await ready(server);
    expect(new URL(urls.trust[0]!).port).not.toBe('8080');
    expect(server.output.stderr).toContain('--http-port');
  });
});

describe('--cert and --key', () => {
  async function files(nowMs?: number) {
    const place = await emptyDir();
    const made = makeCertificates(nowMs === undefined ? {} : { nowMs });
    const [cert, key] = [path.join(place, 'my.crt'), path.join(place, 'my.key')];
    await writeFile(cert, made.leaf.toString());
    await writeFile(key, made.leafKeyPem);
    return { cert, key, ca: made.root.toString() };
  }

  test('serve without anything on disk', async () => {
    const { cert, key, ca } = await files();
    const server = run(['--cert', cert, '--key', key, '--data-dir', '/dev/null/sightline']);
    const line = v.parse(
      v.object({ urls: v.object({ health: v.array(v.string()) }) }),
      JSON.parse(await server.firstLine()),
    );
    expect((await send(line.urls.health[0]!, { ca })).status).toBe(200);
    expect(server.output.stdout).not.toContain('rootFingerprint');
  });

  test('that do not belong together, have ended, or are not there, are named', async () => {
    const { cert } = await files();
    const other = await files();
    const wrong = await refusalOf(run(['--cert', cert, '--key', other.key]));
    expect(wrong).toBe(
      `sightline: The key in ${other.key} (--key) does not belong to the certificate in ${cert} (--cert).`,
    );
    const old = await files(Date.now() - 400 * DAY_MS);
    expect(await refusalOf(run(['--cert', old.cert, '--key', old.key]))).toMatch(
      /my\.crt \(--cert\) ended on .*; renew it\.$/u,
    );
    const gone = await refusalOf(run(['--cert', '/nonexistent/x.crt', '--key', other.key]));
    expect(gone).toContain('/nonexistent/x.crt (--cert) cannot be read: it does not exist');
  });
});

test('people see what to scan, or why there is nothing to scan', async () => {
  const args = ['--tls', 'auto', '--host', '127.0.0.1', '--port', '0', '--http-port', '0'];
  const server = runServer(bundle, [...args, '--data-dir', await emptyDir()]);
  expect(await server.firstLine()).toBe('Sightline is ready.');
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(server.output.stdout).toContain('Fingerprint of the root');
  expect(server.output.stdout).toContain('No address for phones was found');
});
