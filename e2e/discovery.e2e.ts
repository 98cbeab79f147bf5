/** Servers found by mDNS on a real network between two hosts, and what is believed of them. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LanHost } from './harness/lan-host';
import { DESK_ADDRESS, labObstacle, NetworkLab } from './harness/network-lab';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const obstacle = labObstacle();
if (obstacle !== undefined) console.log(`Discovery between hosts is not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('servers on a network', () => {
  const stage = useStage('test');
  let lab: NetworkLab;
  let dataDir: string;

  beforeEach(async () => {
    lab = new NetworkLab(stage);
    dataDir = await temporaryFolder();
  });

  it('are found, joined after a question, and gone after their goodbye', async () => {
    const visitor = await lookAround();
    const server = await startStudio();
    const studio = await untilFound(visitor, 'Studio 2');
    const port = Number(new URL(server.url('stream')).port);
    const fingerprint = await rootFingerprint();
    expect(studio).toEqual({
      ...{ name: 'Studio 2', host: DESK_ADDRESS, port },
      ...{ isSecure: true, fingerprint },
    });

    const asked = await visitor.tell({ do: 'join', name: 'Studio 2' });
    expect(asked.finding).toMatchObject({
      isFound: false,
      trust: { address: `${DESK_ADDRESS}:${port}`, fingerprint },
    });
    const confirmed = { do: 'join', name: 'Studio 2', confirmed: fingerprint };
    const joined = { isFound: true, origin: `wss://${DESK_ADDRESS}:${port}` };
    expect((await visitor.tell(confirmed)).finding).toMatchObject(joined);
    expect((await visitor.tell({ do: 'join', name: 'Studio 2' })).finding).toMatchObject(joined);

    expect(await server.stop()).toBe(0);
    await until(
      'the server to be gone from the list',
      () => visitor.found,
      (found) => found.length === 0,
    );
  });

  it('are found by those who come later', async () => {
    await startStudio();
    await untilFound(await lookAround(), 'Studio 2');
  });

  it('are not believed when they announce a certificate that they do not hold', async () => {
    const server = await startStudio();
    const liar = await LanHost.start(stage, lab.prefix('desk'));
    const fingerprint = Array.from({ length: 32 }, () => 'A1').join(':');
    const port = Number(new URL(server.url('stream')).port);
    await liar.tell({ do: 'announce', name: 'Studio 3', port, fingerprint });

    const visitor = await lookAround();
    await untilFound(visitor, 'Studio 3');
    const { finding } = await visitor.tell({ do: 'join', name: 'Studio 3' });
    expect(finding).toMatchObject({
      isFound: false,
      message: expect.stringContaining('does not hold the certificate') as string,
    });
    expect(finding).not.toHaveProperty('trust');
  });

  it('serve all the same where mDNS cannot be had, and say so once', async () => {
    const occupier = await LanHost.start(stage, lab.prefix('desk'));
    await occupier.tell({ do: 'occupy-mdns' });
    const server = await startStudio();
    expect(server.urls.stream.length).toBeGreaterThan(0);
    const folder = await temporaryFolder();
    const log = await until(
      'the warning',
      async () => {
        await server.keepEvidence(folder);
        return readFile(path.join(folder, 'server.log'), 'utf8');
      },
      (text) => text.includes('will not find this server'),
    );
    expect(log.match(/will not find this server/gu)).toHaveLength(1);
    expect(await server.stop()).toBe(0);
  });

  function startStudio(): Promise<SignalServer> {
    return startServer(stage, {
      host: '0.0.0.0',
      prefix: lab.prefix('desk'),
      tls: 'auto',
      options: ['--name', 'Studio 2', '--data-dir', dataDir, '--http-port', '0'],
    });
  }

  async function lookAround(): Promise<LanHost> {
    const visitor = await LanHost.start(stage, lab.prefix('phone'));
    await visitor.tell({ do: 'look' });
    return visitor;
  }

  async function untilFound(host: LanHost, name: string) {
    const found = await until(
      `${name} to be found`,
      () => host.found,
      (servers) => servers.some((server) => server.name === name),
    );
    return found.find((server) => server.name === name);
  }

  async function rootFingerprint(): Promise<string> {
    const pem = await readFile(path.join(dataDir, 'tls', 'root.crt'));
    return new X509Certificate(pem).fingerprint256;
  }

  async function temporaryFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-discovery-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    return folder;
  }
});
