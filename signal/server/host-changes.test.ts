/** A machine whose networks change while its server runs. */
import { randomUUID } from 'node:crypto';
import type { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import type { JoinAddress } from '../protocol/messages';
import type { ServerOptions } from './create-server';
import { startSecure } from './testing/secure-server';
import { TestClient } from './testing/test-server';
import { OwnAuthority } from './tls/own-authority';

/** A network that tests change, and what a server has to know to live in it. */
class FakeNetwork {
  addresses: string[];
  readonly interfaces = (): ReturnType<typeof networkInterfaces> => ({
    eth0: this.addresses.map((address) => {
      const rest = { netmask: '255.255.255.0', mac: '', internal: false, cidr: null };
      return { address, family: 'IPv4' as const, ...rest };
    }),
  });

  constructor(...addresses: string[]) {
    this.addresses = addresses;
  }

  options(): Partial<ServerOptions> {
    return { hostWatchMs: 10, interfaces: this.interfaces };
  }
}

const lanOf = (addresses: readonly JoinAddress[]): string[] =>
  addresses.filter(({ network }) => network === 'lan').map(({ url }) => new URL(url).hostname);

/** Phones are told of addresses only where the server listens on all of them. */
const PLAIN = { host: '0.0.0.0', tls: { mode: 'off' } } as const;

test('viewers are told where phones join by now, and nobody is told twice', async () => {
  const network = new FakeNetwork('192.168.1.5');
  const told: (readonly string[])[] = [];
  const { server } = await startSecure(PLAIN, {
    ...network.options(),
    onAddressesChanged: ({ stream }) => told.push(stream),
  });
  const join = async (type: string) => {
    const id = randomUUID();
    return TestClient.connect(`ws://127.0.0.1:${server.port}/ws/${id}/${type}`, id);
  };
  const [viewer, streamer] = [await join('viewer'), await join('streamer')];
  expect(lanOf((await viewer.hello()).joinAddresses)).toEqual(['192.168.1.5']);
  await streamer.hello();

  network.addresses = ['192.168.1.5', '10.0.0.9'];
  const { joinAddresses } = await viewer.next('join-addresses');
  expect(lanOf(joinAddresses)).toEqual(['192.168.1.5', '10.0.0.9']);
  network.addresses = [];
  expect(lanOf((await viewer.next('join-addresses')).joinAddresses)).toEqual([]);
  network.addresses = ['10.0.0.9'];
  expect(lanOf((await viewer.next('join-addresses')).joinAddresses)).toEqual(['10.0.0.9']);

  const late = await join('viewer');
  expect(lanOf((await late.hello()).joinAddresses)).toEqual(['10.0.0.9']);
  await Promise.all([viewer.settle(), streamer.settle()]);
  for (const { inbox } of [viewer, streamer]) {
    expect(inbox.filter(({ type }) => type === 'join-addresses')).toEqual([]);
  }
  const base = `:${server.port}/stream`;
  expect(told.at(-1)).toEqual([`http://127.0.0.1${base}`, `http://10.0.0.9${base}`]);
  expect(told).toHaveLength(3);
});

test('whoever came through a proxy stays with its address', async () => {
  const network = new FakeNetwork('192.168.1.5');
  const { server } = await startSecure(
    { ...PLAIN, trustedProxies: ['127.0.0.1'] },
    network.options(),
  );
  const url = `ws://127.0.0.1:${server.port}/ws/${randomUUID()}/viewer`;
  const direct = await TestClient.connect(url, '');
  await direct.hello();
  const proxied = await TestClient.connect(
    url.replace(/[^/]+\/viewer/u, `${randomUUID()}/viewer`),
    '',
    {
      headers: { 'x-forwarded-host': 'cam.example', 'x-forwarded-proto': 'https' },
    },
  );
  expect((await proxied.hello()).joinAddresses[0]?.url).toBe('https://cam.example/stream');
  network.addresses = ['10.0.0.9'];
  await direct.next('join-addresses');
  await proxied.settle();
  expect(proxied.inbox.map(({ type }) => type)).not.toContain('join-addresses');
});

test('with TLS an address is told once the certificate is good for it', async () => {
  const network = new FakeNetwork('192.168.1.5');
  const { server, ca } = await startSecure(
    { host: '0.0.0.0' },
    {
      ...network.options(),
      certificatesOf: ({ dataDir, host }, logger) =>
        new OwnAuthority({
          tlsDir: dataDir,
          listenHost: host,
          hostname: () => 'studio',
          interfaces: network.interfaces,
          nowMs: Date.now,
          logger,
        }),
    },
  );
  const url = `wss://127.0.0.1:${server.port}/ws/${randomUUID()}/viewer`;
  const viewer = await TestClient.connect(url, '', { ca });
  await viewer.hello();
  network.addresses = ['10.0.0.9'];
  const { joinAddresses } = await viewer.next('join-addresses');
  expect(joinAddresses[0]).toEqual({
    url: `https://10.0.0.9:${server.port}/stream`,
    network: 'lan',
    cameraAllowed: true,
    trustUrl: `http://10.0.0.9:${server.httpPort ?? 0}/trust`,
  });
  const shown = await new Promise<string | undefined>((resolve, reject) => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1', ca }, () => {
      resolve(socket.getPeerX509Certificate()?.checkIP('10.0.0.9'));
      socket.destroy();
    });
    socket.on('error', reject);
  });
  expect(shown).toBe('10.0.0.9');
  expect(viewer.socket.readyState).toBe(viewer.socket.OPEN);
});
