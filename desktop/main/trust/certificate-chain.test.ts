import { describe, expect, it } from 'vitest';
import { testAuthority } from '../testing/certificates';
import { certificateName, peerChain, sentChain, type SentCertificate } from './certificate-chain';

const { root, leaf } = testAuthority('studio');
const { certificate } = leaf(['127.0.0.1']);
const both = [certificate.fingerprint256, root.fingerprint256];

describe('sentChain', () => {
  it('reads what Electron hands out, the own certificate first', () => {
    const sent = { data: certificate.toString(), issuerCert: { data: root.toString() } };
    expect(sentChain(sent).map(({ fingerprint256 }) => fingerprint256)).toEqual(both);
  });

  it('trusts nothing where one certificate cannot be read', () => {
    expect(sentChain({ data: certificate.toString(), issuerCert: { data: 'broken' } })).toEqual([]);
  });

  it('ends with a chain that goes in circles', () => {
    const circle: SentCertificate = { data: certificate.toString() };
    circle.issuerCert = circle;
    expect(sentChain(circle).length).toBeLessThan(10);
  });
});

describe('peerChain', () => {
  it('reads what Node hands out, where a root is its own issuer', () => {
    const last: Parameters<typeof peerChain>[0] = { raw: root.raw };
    last.issuerCertificate = last;
    const chain = peerChain({ raw: certificate.raw, issuerCertificate: last });
    expect(chain.map(({ fingerprint256 }) => fingerprint256)).toEqual(both);
  });

  it('is empty where the server sent nothing', () => {
    expect(peerChain(Object.create(null) as Parameters<typeof peerChain>[0])).toEqual([]);
  });
});

describe('certificateName', () => {
  it('is the common name', () => {
    expect(certificateName(root)).toBe('Sightline root of studio');
  });

  it('is the whole subject where there is none, and cannot play with the screen', () => {
    expect(certificateName({ subject: 'O=Acme\nC=CH' })).toBe('O=Acme, C=CH');
    expect(certificateName({ subject: 'CN=a\u202eb\u0007' })).toBe('ab');
  });
});
