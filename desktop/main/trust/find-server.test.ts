import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { originsFor } from '../server-address';
import { SettingsFile } from '../settings-file';
import { HEALTH, serveTls, testAuthority, type TestAuthority } from '../testing/certificates';
import { silentLog } from '../testing/stub-server';
import { findServer, type Finding, type Wanted } from './find-server';
import { lookAtServer } from './secure-look';
import { TrustedServers } from './trusted-servers';

const desk = testAuthority('desk');
const impostor = testAuthority('desk');
const HOST = '127.0.0.1';

let trusted: TrustedServers;
/** Hosts with port whose `/healthz` the system's own trust lets through. */
let systemTrusts: string[];
/** Origins for which the desktop keeps a key. */
let keysFor: string[];

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sightline-find-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  trusted = new TrustedServers(new SettingsFile(path.join(folder, 'settings.json'), silentLog));
  systemTrusts = [];
  keysFor = [];
});

const serve = (authority: TestAuthority, answer?: string, hosts = [HOST]): Promise<number> =>
  serveTls(authority.leaf(hosts), [authority.root], answer);

function find(
  port: number,
  more: Partial<Wanted> = {},
  text = `${HOST}:${port}`,
): Promise<Finding> {
  return findServer(
    { address: text, origins: originsFor(text), ...more },
    {
      trusted,
      hasKey: (origin) => keysFor.includes(origin),
      fetch: (url) =>
        systemTrusts.some((host) => url === `https://${host}/healthz` || url.startsWith(host))
          ? Promise.resolve(new Response(HEALTH))
          : Promise.reject(new Error('ERR_CERT_AUTHORITY_INVALID')),
      lookAt: lookAtServer,
      nowMs: Date.now,
    },
  );
}

describe('findServer', () => {
  it('asks before it joins a server whose root nobody knows, and remembers nothing', async () => {
    const port = await serve(desk);
    const finding = await find(port);
    expect(finding).toMatchObject({
      isFound: false,
      trust: {
        address: `${HOST}:${port}`,
        certificateName: 'Sightline root of desk',
        fingerprint: desk.fingerprint,
      },
    });
    expect(finding).not.toHaveProperty('trust.previousFingerprint');
    expect(trusted.fingerprintAt(`${HOST}:${port}`)).toBeUndefined();
  });

  it('joins what the operator has confirmed, and from then on without a question', async () => {
    const port = await serve(desk);
    const found = {
      isFound: true,
      origin: `wss://${HOST}:${port}`,
      rootFingerprint: desk.fingerprint,
    };
    expect(await find(port, { confirmed: desk.fingerprint })).toEqual(found);
    expect(await find(port)).toEqual(found);
  });

  it('does not take a confirmation for another certificate than the one compared', async () => {
    const port = await serve(impostor);
    expect(await find(port, { confirmed: desk.fingerprint })).toMatchObject({
      isFound: false,
      trust: { fingerprint: impostor.fingerprint },
    });
    expect(trusted.fingerprintAt(`${HOST}:${port}`)).toBeUndefined();
  });

  it('refuses a certificate that has changed, says so, and shows the new one', async () => {
    const port = await serve(impostor);
    trusted.trust(`${HOST}:${port}`, desk.fingerprint);
    const finding = await find(port);
    expect(finding).toMatchObject({
      isFound: false,
      message: expect.stringContaining('has changed since you trusted it') as string,
      trust: { fingerprint: impostor.fingerprint, previousFingerprint: desk.fingerprint },
    });
    expect(trusted.fingerprintAt(`${HOST}:${port}`)).toBe(desk.fingerprint);
  });

  it('holds to a trusted root even where the system would trust another', async () => {
    const port = await serve(impostor);
    trusted.trust(`${HOST}:${port}`, desk.fingerprint);
    systemTrusts = [`${HOST}:${port}`];
    expect(await find(port)).toMatchObject({ isFound: false });
  });

  it('leaves servers that the system trusts to the system', async () => {
    const port = await serve(desk);
    systemTrusts = [`${HOST}:${port}`];
    expect(await find(port)).toEqual({
      isFound: true,
      origin: `wss://${HOST}:${port}`,
      rootFingerprint: undefined,
    });
  });

  it('offers no trust where a certificate cannot hold anyway', async () => {
    const port = await serve(desk, undefined, ['10.0.0.1']);
    const finding = await find(port);
    expect(finding).toMatchObject({
      isFound: false,
      message: expect.stringContaining('for other names or addresses') as string,
    });
    expect(finding).not.toHaveProperty('trust');
    trusted.trust(`${HOST}:${port}`, desk.fingerprint);
    expect(await find(port)).toMatchObject({ isFound: false });
  });

  it('asks no trust for a stranger', async () => {
    const port = await serve(desk, '<html></html>');
    const finding = await find(port);
    expect(finding).toMatchObject({
      message: expect.stringContaining('No Sightline server answers') as string,
    });
    expect(finding).not.toHaveProperty('trust');
  });

  it('does not fall back to plain HTTP where it was secure before', async () => {
    trusted.trust(`${HOST}:1`, desk.fingerprint);
    systemTrusts = [`http://${HOST}:1`];
    expect(await find(1)).toMatchObject({
      isFound: false,
      message: expect.stringContaining('answers without') as string,
    });
    expect(await find(1, {}, `http://${HOST}:1`)).toMatchObject({ isFound: true });
  });

  it('does not fall back to it either where a key was given by TLS that the system trusts', async () => {
    keysFor = [`wss://${HOST}:1`];
    systemTrusts = [`http://${HOST}:1`];
    expect(await find(1)).toMatchObject({
      isFound: false,
      message: expect.stringContaining('answers without') as string,
    });
    keysFor = [`ws://${HOST}:1`];
    expect(await find(1)).toMatchObject({ isFound: true });
  });

  describe('an announced server', () => {
    it('is refused when it does not hold the certificate it announces', async () => {
      const port = await serve(impostor);
      const finding = await find(port, { announced: desk.fingerprint });
      expect(finding).toMatchObject({
        isFound: false,
        message: expect.stringContaining('does not hold the certificate') as string,
      });
      expect(finding).not.toHaveProperty('trust');
      // Not even where the system, or the operator, trusts what it shows.
      systemTrusts = [`${HOST}:${port}`];
      trusted.trust(`${HOST}:${port}`, impostor.fingerprint);
      expect(await find(port, { announced: desk.fingerprint })).toMatchObject({ isFound: false });
    });

    it('is asked about like any other the first time', async () => {
      const port = await serve(desk);
      expect(await find(port, { announced: desk.fingerprint })).toMatchObject({
        isFound: false,
        trust: { fingerprint: desk.fingerprint },
      });
    });

    it('keeps its trust at a new address, but not at one that was another server’s', async () => {
      const port = await serve(desk);
      trusted.trust('192.168.1.20:8443', desk.fingerprint);
      expect(await find(port, { announced: desk.fingerprint })).toMatchObject({ isFound: true });
      expect(trusted.fingerprintAt(`${HOST}:${port}`)).toBe(desk.fingerprint);

      const other = await serve(desk);
      trusted.trust(`${HOST}:${other}`, impostor.fingerprint);
      expect(await find(other, { announced: desk.fingerprint })).toMatchObject({
        isFound: false,
        trust: { previousFingerprint: impostor.fingerprint },
      });
    });
  });
});
