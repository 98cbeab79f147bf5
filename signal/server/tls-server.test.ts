/** A server that speaks TLS, over real sockets: what a phone that trusts its root sees, and others. */
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer as createNetServer } from 'node:net';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { send } from './testing/secure-request';
import { somePages, startSecure } from './testing/secure-server';
import { makeCertificates } from './testing/test-certificates';
import { emptyDir, startServer, TestClient } from './testing/test-server';
import type { OwnAuthorityOptions } from './tls/own-authority';
import { OwnAuthority } from './tls/own-authority';

/** A port that is in use until the test ends. */
async function takenPort(): Promise<number> {
  const holder = createNetServer().listen(0, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  const address = holder.address();
  if (typeof address !== 'object' || address === null) throw new Error('No port was bound.');
  return address.port;
}

/** The certificate that a new connection is shown. */
function shownBy(port: number, ca: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('No certificate was shown.'));
      else resolve(certificate);
    });
    socket.on('error', reject);
  });
}

describe('with a root of its own', () => {
  test('pages and signaling are served to whoever trusts it, and to nobody else', async () => {
    const { server, get, secure, ca } = await startSecure();
    expect((await get('/stream')).body).toBe('stream.html');
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    await expect(send(`${secure}/stream`)).rejects.toThrow(/self.signed certificate/u);
    const url = `wss://127.0.0.1:${server.port}/ws/${randomUUID()}/viewer`;
    const client = await TestClient.connect(url, '', { ca });
    expect(await client.hello()).toMatchObject({
      joinAddresses: [
        {
          url: `${secure}/stream`,
          network: 'this-machine',
          cameraAllowed: true,
          trustUrl: `http://127.0.0.1:${server.httpPort ?? 0}/trust`,
        },
      ],
    });
    await expect(TestClient.connect(url, '')).rejects.toThrow(/self.signed certificate/u);
  });

  test('its ready line names the way in and the fingerprint, all secure but the way in', async () => {
    const { server, plain, ca } = await startSecure();
    const { trust, ws, ...others } = server.urls;
    expect(trust).toEqual([`${plain}/trust`]);
    expect(ws[0]).toMatch(/^wss:/u);
    for (const [first = ''] of Object.values(others)) expect(first).toMatch(/^https:/u);
    expect(server.rootFingerprint).toBe(new X509Certificate(ca).fingerprint256);
    expect(server.rootFingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u);
  });

  test('the root is handed out in each form on both ports', async () => {
    const { server, plain, secure, ca } = await startSecure({ name: 'Studio' });
    for (const base of [plain, secure]) {
      const get = (target: string) => send(base + target, { ca });
      const certificate = await get('/sightline-root.crt');
      expect(certificate.status).toBe(200);
      expect(certificate.headers['content-type']).toBe('application/x-x509-ca-cert');
      expect(new X509Certificate(certificate.body).ca).toBe(true);
      const profile = await get('/sightline-root.mobileconfig');
      expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config');
      expect(profile.body).toContain('com.apple.security.root');
      const facts = await get('/trust.json');
      expect(facts.headers['cache-control']).toBe('no-store');
      expect(JSON.parse(facts.body)).toMatchObject({
        serverName: 'Studio',
        rootFingerprint: server.rootFingerprint,
        securePort: server.port,
        httpPort: server.httpPort,
      });
      expect((await get('/trust')).body).toBe('trust.html');
      expect((await get('/trust/')).status).toBe(200);
    }
  });

  test('browsers are never told to insist on HTTPS', async () => {
    const { get } = await startSecure();
    expect((await get('/stream')).headers).not.toHaveProperty('strict-transport-security');
    expect((await get('/stream')).headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  test('only the page of the way in, at the same host, may look at the health report', async () => {
    const { get, plain, server } = await startSecure();
    const allowed = async (origin: string) =>
      (await get('/healthz', { origin })).headers['access-control-allow-origin'];
    expect(await allowed(plain)).toBe(plain);
    expect(await allowed(`http://localhost:${server.httpPort ?? 0}`)).toBeUndefined();
    expect(await allowed('http://127.0.0.1:1')).toBeUndefined();
    expect(await allowed('null')).toBeUndefined();
    expect((await get('/healthz')).headers.vary).toBe('Origin');
    expect((await get('/stream', { origin: plain })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });

  test('nothing is left of it after it closed', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    // Several, so that a timer left by each outweighs one of the test runner that ends meanwhile.
    for (let round = 0; round < 5; round += 1) {
      const { server, plain, secure, ca } = await startSecure();
      const waiting = connect({ port: server.httpPort ?? 0, host: '127.0.0.1' });
      await once(waiting, 'connect');
      await Promise.all([server.close(), server.close(), once(waiting, 'close')]);
      await expect(send(plain)).rejects.toThrow('ECONNREFUSED');
      await expect(send(secure, { ca })).rejects.toThrow('ECONNREFUSED');
    }
    while (timers() > before) await new Promise(setImmediate);
  });
});

describe('the plain HTTP port', () => {
  test('serves the way in with what it needs, and lets it try the secure port', async () => {
    const { plain, server } = await startSecure();
    const page = await send(`${plain}/trust`);
    expect(page).toMatchObject({ status: 200, body: 'trust.html' });
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain(`https://127.0.0.1:${server.port} wss://127.0.0.1:${server.port};`);
    expect(page.headers['permissions-policy']).toContain('camera=()');
    expect((await send(`${plain}/assets/trust-1.js`)).headers['cache-control']).toContain(
      'immutable',
    );
    expect((await send(`${plain}/icons/icon.svg`)).status).toBe(200);
    expect((await send(`${plain}/trust`, { method: 'HEAD' })).body).toBe('');
  });

  test.each(['/', '/stream', '/stream?x=1&y=%20', '/healthz', '/assets/stream-1.js', '//evil/x'])(
    'leads to HTTPS from %s, for this time only',
    async (target) => {
      const { plain, secure } = await startSecure();
      const { status, headers } = await send(plain + target);
      expect(status).toBe(308);
      expect(headers.location).toBe(secure + target);
      expect(headers['cache-control']).toBe('no-store');
    },
  );

  test('keeps the host that was asked for, unless it is none', async () => {
    const { plain, server } = await startSecure();
    const ledTo = async (host: string) =>
      (await send(`${plain}/stream`, { headers: { host } })).headers.location;
    expect(await ledTo('studio.local:8080')).toBe(`https://studio.local:${server.port}/stream`);
    expect(await ledTo('[fd00::1]:8080')).toBe(`https://[fd00::1]:${server.port}/stream`);
    expect(await ledTo('evil.example/x')).toBe(`https://127.0.0.1:${server.port}/stream`);
    const posted = await send(`${plain}/trust`, { method: 'POST' });
    expect(posted.status).toBe(308);
  });

  test('says so where the page is not built', async () => {
    const { plain } = await startSecure({}, { pagesDir: await emptyDir() });
    const { status, body } = await send(`${plain}/trust`);
    expect(status).toBe(503);
    expect(body).toContain('npm run build');
    expect((await send(`${plain}/sightline-root.crt`)).status).toBe(200);
  });

  test('that was asked for and is taken is named, and the main one is given back', async () => {
    const httpPort = await takenPort();
    const { server: other } = await startSecure();
    await other.close();
    const { port } = other;
    await expect(startSecure({ httpPort, port })).rejects.toThrow(
      `Port ${httpPort} is already in use; stop the other program or choose another with --http-port`,
    );
    const { server } = await startSecure({ port });
    expect(server.port).toBe(port);
  });
});

describe('a certificate of the operator', () => {
  test('serves HTTPS that browsers should insist on, and has no root to hand out', async () => {
    const folder = await emptyDir();
    const [certFile, keyFile] = [path.join(folder, 'a.crt'), path.join(folder, 'a.key')];
    const { root, leaf, leafKeyPem } = makeCertificates({ hosts: ['cam.local', '127.0.0.1'] });
    writeFileSync(certFile, leaf.toString());
    writeFileSync(keyFile, leafKeyPem);
    const { server, plain, secure } = await startSecure(
      { tls: { mode: 'files', certFile, keyFile } },
      { hostWatchMs: 20 },
    );
    const ca = root.toString();
    const { headers } = await send(`${secure}/stream`, { ca });
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d+$/u);
    expect((await send(`${secure}/sightline-root.crt`, { ca })).status).toBe(404);
    expect((await send(`${secure}/trust`, { ca })).body).toContain('nothing to install');
    expect((await send(`${plain}/trust`)).headers.location).toBe(`${secure}/trust`);
    expect(server.urls.trust).toBeUndefined();
    expect(server.rootFingerprint).toBeUndefined();
    expect(server.urls.stream).toEqual([
      `${secure}/stream`,
      `https://cam.local:${server.port}/stream`,
    ]);

    const renewed = makeCertificates({ hosts: ['127.0.0.1'] });
    writeFileSync(certFile, renewed.leaf.toString());
    writeFileSync(keyFile, renewed.leafKeyPem);
    await expect
      .poll(() => send(`${secure}/stream`, { ca: renewed.root.toString() }).catch(String))
      .toMatchObject({ status: 200 });
  });
});

test('a leaf that is made again reaches new connections, and no open one notices', async () => {
  const world = { addresses: ['192.168.1.5'], intervalMs: 20 };
  const interfaces: OwnAuthorityOptions['interfaces'] = () => ({
    eth0: world.addresses.map((address) => {
      const rest = { netmask: '255.255.255.0', mac: '', internal: false, cidr: null };
      return { address, family: 'IPv4', ...rest };
    }),
  });
  const { server, ca } = await startSecure(
    {},
    {
      hostWatchMs: world.intervalMs,
      certificatesOf: ({ dataDir, host }, logger) =>
        new OwnAuthority({
          tlsDir: dataDir,
          listenHost: host,
          hostname: () => 'studio',
          interfaces,
          nowMs: Date.now,
          logger,
        }),
    },
  );
  const id = randomUUID();
  const url = `wss://127.0.0.1:${server.port}/ws/${id}/streamer`;
  const client = await TestClient.connect(url, id, { ca });
  await client.hello();
  const before = await shownBy(server.port, ca);
  expect(before.checkIP('10.0.0.9')).toBeUndefined();
  world.addresses = ['10.0.0.9'];
  await expect
    .poll(async () => (await shownBy(server.port, ca)).checkIP('10.0.0.9'))
    .toBe('10.0.0.9');
  await client.settle();
  await client.publish();
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

describe('behind a proxy', () => {
  const config = { trustedProxies: ['127.0.0.1'], host: '127.0.0.1' };
  const headers = { 'x-forwarded-host': 'cam.example', 'x-forwarded-proto': 'https' };

  async function joinBy(trustedProxies: string[]) {
    const server = await startServer({ config: { ...config, trustedProxies } });
    const id = randomUUID();
    const url = `ws://127.0.0.1:${server.port}/ws/${id}/viewer`;
    const client = await TestClient.connect(url, id, { headers });
    return { server, welcome: await client.hello() };
  }

  test('that is trusted, phones join where the console came to', async () => {
    const { server, welcome } = await joinBy(['127.0.0.1']);
    expect(welcome.joinAddresses).toEqual([
      { url: 'https://cam.example/stream', network: 'lan', cameraAllowed: true },
    ]);
    const page = await send(`http://127.0.0.1:${server.port}/healthz`, { headers });
    expect(page.headers['content-security-policy']).toContain('wss://cam.example;');
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  test('that nobody named, its headers count for nothing', async () => {
    const { server, welcome } = await joinBy([]);
    expect(welcome.joinAddresses[0]?.url).toBe(`http://127.0.0.1:${server.port}/stream`);
    const page = await send(`http://127.0.0.1:${server.port}/healthz`, { headers });
    expect(page.headers['content-security-policy']).not.toContain('cam.example');
  });
});

test('plain HTTP opens no certificate, and has nothing to trust', async () => {
  const server = await startServer({ pagesDir: await somePages() });
  expect(server.httpPort).toBeUndefined();
  for (const target of ['/trust', '/trust.json', '/sightline-root.crt']) {
    expect((await send(`http://127.0.0.1:${server.port}${target}`)).status).toBe(404);
  }
});
