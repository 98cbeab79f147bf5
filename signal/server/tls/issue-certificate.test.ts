import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DAY_MS, makeCertificates, openssl } from '../testing/test-certificates';
import { emptyDir } from '../testing/test-server';
import { commonNameOf, constraintsOf, hostsOf, issueLeaf, leafFacts } from './issue-certificate';
import { constraintsFor } from './name-constraints';

const HOSTS = ['localhost', 'studio', 'studio.local', '127.0.0.1', '::1', '192.168.1.5', 'fd00::5'];
const { root, rootKeyPem, leaf, leafKeyPem } = makeCertificates({ hosts: HOSTS });

function textOf(certificate: typeof root): string {
  return openssl(['x509', '-noout', '-text'], certificate.toString()).replaceAll(/\s+/gu, ' ');
}

/** What OpenSSL says of a leaf for these hosts. */
async function verdictOn(hosts: readonly string[]): Promise<string> {
  const folder = await emptyDir();
  const rootFile = path.join(folder, 'root.crt');
  await writeFile(rootFile, root.toString());
  const issued = issueLeaf({
    root,
    rootKey: createPrivateKey(rootKeyPem),
    leafKey: createPrivateKey(leafKeyPem),
    hosts,
    nowMs: Date.now(),
  });
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', rootFile];
  return openssl(args, issued.toString());
}

describe('the root', () => {
  test('is an authority for leaves only, as OpenSSL reads it', () => {
    const text = textOf(root);
    expect(text).toContain('Basic Constraints: critical CA:TRUE, pathlen:0');
    expect(text).toContain('Key Usage: critical Certificate Sign, CRL Sign');
    expect(text).toContain('Name Constraints: critical Permitted: IP:10.0.0.0/255.0.0.0');
    expect(text).toContain('IP:FC00:0:0:0:0:0:0:0/FE00:0:0:0:0:0:0:0');
    expect(text).toContain('DNS:localhost DNS:local DNS:studio Excluded: DNS:.studio');
    expect(text).toContain('Subject Key Identifier');
    expect(text).toContain('prime256v1');
    expect(text).toContain('ecdsa-with-SHA256');
  });

  test('is one for ten years, named for its machine, as Node reads it', () => {
    expect(root.ca).toBe(true);
    expect(root.checkPrivateKey(createPrivateKey(rootKeyPem))).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(commonNameOf(root)).toBe('Sightline root of studio');
    const { notBeforeMs, notAfterMs } = leafFacts(root);
    expect((notAfterMs - notBeforeMs) / DAY_MS).toBe(3_651);
    expect(constraintsOf(root)).toEqual(constraintsFor('studio'));
  });

  test('has a serial number of its own, and a name that fits', () => {
    const long = makeCertificates({ hostname: `${'a'.repeat(50)}.example` });
    expect(commonNameOf(long.root)).toHaveLength(64);
    expect(long.root.serialNumber).not.toBe(root.serialNumber);
    expect(root.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/u);
  });
});

describe('a leaf', () => {
  test('is what every phone asks for, as OpenSSL reads it', () => {
    const text = textOf(leaf);
    expect(text).toContain('Basic Constraints: critical CA:FALSE');
    expect(text).toContain('Key Usage: critical Digital Signature');
    expect(text).toContain('Extended Key Usage: TLS Web Server Authentication');
    expect(text).toContain('DNS:localhost, DNS:studio, DNS:studio.local, IP Address:127.0.0.1');
    expect(text).toContain('IP Address:FD00:0:0:0:0:0:0:5');
    const subjectKeyOf = /Subject Key Identifier: ((?:[0-9A-F]{2}:){19}[0-9A-F]{2})/u;
    const rootId = subjectKeyOf.exec(textOf(root))?.[1] ?? 'none';
    expect(text).toMatch(new RegExp(`Authority Key Identifier: (?:keyid:)?${rootId}`, 'u'));
    expect(subjectKeyOf.test(text)).toBe(true);
  });

  test('is signed by its root, for at most 397 days, as Node reads it', () => {
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    const { notBeforeMs, notAfterMs, hosts } = leafFacts(leaf);
    expect((notAfterMs - notBeforeMs) / DAY_MS).toBeLessThanOrEqual(397);
    expect(notBeforeMs).toBeLessThan(Date.now());
    expect(hosts).toEqual(HOSTS);
    expect(leaf.checkIP('192.168.1.5')).toBe('192.168.1.5');
    expect(leaf.checkHost('studio.local')).toBe('studio.local');
  });

  test('passes OpenSSL strictly, and where the root may not sign it does not', async () => {
    expect(await verdictOn(HOSTS)).toBe('stdin: OK\n');
    expect(await verdictOn(['8.8.8.8'])).toContain('permitted subtree violation');
    expect(await verdictOn(['2600::1'])).toContain('permitted subtree violation');
    expect(await verdictOn(['localhost', 'example.com'])).toContain('permitted subtree violation');
    expect(await verdictOn(['bank.studio'])).toContain('excluded subtree violation');
  });

  test('never outlives its root', () => {
    const nowMs = Date.parse(root.validTo) - 10 * DAY_MS;
    const rootKey = createPrivateKey(rootKeyPem);
    const leafKey = createPrivateKey(leafKeyPem);
    const last = issueLeaf({ root, rootKey, leafKey, hosts: HOSTS, nowMs });
    expect(last.validTo).toBe(root.validTo);
  });
});

test('a certificate without names or constraints is for nothing', () => {
  expect(hostsOf(root)).toEqual([]);
  expect(constraintsOf(leaf)).toEqual({ permitted: [], excluded: [] });
});
