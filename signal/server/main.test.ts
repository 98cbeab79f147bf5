/** The bundle itself, run as a process of its own: what `npm run serve` and Electron start. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverBuild } from '../../scripts/build/server';
import { runServer, type ServerProcess } from './testing/server-process';
import { TestClient } from './testing/test-server';

const urls = v.pipe(v.array(v.pipe(v.string(), v.url())), v.minLength(1));
const readySchema = v.strictObject({
  event: v.literal('ready'),
  pid: v.number(),
  urls: v.strictObject({
    stream: urls,
    mobileStream: urls,
    liveStreams: urls,
    ws: urls,
    health: urls,
  }),
});

let folder = '';
let bundle = '';

beforeAll(async () => {
  // Away from the project, so that nothing of its node_modules can be found.
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-bundle-'));
  bundle = path.join(folder, 'server', 'main.cjs');
  await build({ configFile: false, logLevel: 'error', ...serverBuild(bundle) });
  await mkdir(path.join(folder, 'web'));
  await writeFile(path.join(folder, 'web', 'stream.html'), '<p>stream</p>');
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], environment: Record<string, string> = {}): ServerProcess {
  return runServer(bundle, args, environment);
}

async function ready(server: ServerProcess): Promise<v.InferOutput<typeof readySchema>> {
  return v.parse(readySchema, JSON.parse(await server.firstLine()));
}

test('the bundle needs nothing but Node', async () => {
  const code = await readFile(bundle, 'utf8');
  const wanted = [...code.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/gu)].map(([, name = '']) =>
    name.replace(/^node:/u, ''),
  );
  expect(wanted).not.toEqual([]);
  expect(wanted.filter((name) => !builtinModules.includes(name))).toEqual([]);
  expect(code).not.toContain('sourceMappingURL');
});

describe('with --json', () => {
  test('prints one ready line whose addresses work, and logs to stderr', async () => {
    const server = run(['--json', '--port', '0', '--log-level', 'info']);
    const line = await ready(server);
    expect(line.pid).toBe(server.pid);
    expect((await fetch(line.urls.health[0]!)).status).toBe(200);
    expect(await (await fetch(line.urls.stream[0]!)).text()).toBe('<p>stream</p>');
    expect(line.urls.stream[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stream$/u);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.output.stdout.trimEnd().split('\n')).toHaveLength(1);
    const log = server.output.stderr.trimEnd().split('\n');
    const entries = log.map((entry) => v.parse(v.object({ msg: v.string() }), JSON.parse(entry)));
    const said = entries.map(({ msg }) => msg);
    expect(said[0]).toBe('listening');
    expect(said.some((msg) => msg.includes('plain HTTP'))).toBe(true);
    expect(said.at(-1)).toBe('stopped');
  });

  test.each([
    ['SIGTERM', 'one that does not answer'],
    ['SIGINT', 'nobody else'],
  ] as const)(
    '%s: a client and %s are told, closed with 1012, and it exits 0 within 5 s',
    async (signal, other) => {
      const server = run(['--json', '--port', '0', '--host', '127.0.0.1']);
      const { urls: addresses } = await ready(server);
      const id = crypto.randomUUID();
      const client = await TestClient.connect(`${addresses.ws[0]!}/${id}/streamer`, id);
      await client.hello();
      if (other !== 'nobody else') {
        const deafId = crypto.randomUUID();
        const deaf = await TestClient.connect(`${addresses.ws[0]!}/${deafId}/viewer`, deafId);
        deaf.socket.pause();
      }
      const startedAt = performance.now();
      server.kill(signal);
      server.kill(signal);
      await client.next('draining');
      expect(await client.closed).toBe(1012);
      expect(await server.exited).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
    10_000,
  );
});

test('without --json it tells people where to go and what plain HTTP means', async () => {
  const server = run([], {
    SIGHTLINE_PORT: '0',
    SIGHTLINE_NAME: 'Studio',
    SIGHTLINE_HOST: '127.0.0.1',
  });
  expect(await server.firstLine()).toBe('Studio is ready.');
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(server.output.stdout).toMatch(
    /http:\/\/127\.0\.0\.1:\d+\/live-streams {2}\(this machine\)/u,
  );
  expect(server.output.stdout).toContain('plain HTTP');
});

test('a port in use: one sentence with port and option, exit code 1', async () => {
  const first = run(['--json', '--port', '0', '--host', '127.0.0.1']);
  const { urls: addresses } = await ready(first);
  const { port } = new URL(addresses.health[0]!);
  const second = run(['--json', '--port', port, '--host', '127.0.0.1']);
  expect(await second.exited).toBe(1);
  expect(second.output.stdout).toBe('');
  expect(second.output.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(second.output.stderr).toContain(port);
  expect(second.output.stderr).toContain('--port');
});

test.each([
  [['--port', 'high'], '--port'],
  [['--tls', 'on'], '--tls'],
  [['--access', 'some'], '--access'],
])('%j: one line that names the option, exit code 2', async (args, name) => {
  const server = run(args);
  expect(await server.exited).toBe(2);
  expect(server.output.stdout).toBe('');
  expect(server.output.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(server.output.stderr).toContain(name);
});

test('--help and --version print and exit 0', async () => {
  const help = run(['--help']);
  expect(await help.exited).toBe(0);
  expect(help.output.stdout).toContain('--max-clients');
  const version = run(['--version']);
  expect(await version.exited).toBe(0);
  expect(version.output.stdout).toMatch(/^sightline \d+\.\d+\.\d+\n$/u);
});
