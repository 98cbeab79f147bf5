import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificates } from '../testing/test-certificates';
import { rootProfile } from './root-profile';

const { root: certificate } = makeCertificates();

test('carries the root, whole, under identifiers that never change', () => {
  const profile = rootProfile({ certificate, name: 'Root' });
  expect(rootProfile({ certificate, name: 'Root' })).toBe(profile);
  const data = /<data>([^<]+)<\/data>/u.exec(profile)?.[1] ?? '';
  const carried = new X509Certificate(Buffer.from(data, 'base64'));
  expect(carried.fingerprint256).toBe(certificate.fingerprint256);
  expect(profile).toContain('<string>com.apple.security.root</string>');
  const ids = profile.match(
    /<string>[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}</gu,
  );
  expect(new Set(ids).size).toBe(2);
});

test('another root has other identifiers', () => {
  const idOf = (profile: string) => /PayloadUUID<\/key><string>([^<]+)/u.exec(profile)?.[1];
  const other = makeCertificates().root;
  const ids = [certificate, other].map((root) =>
    idOf(rootProfile({ certificate: root, name: '' })),
  );
  expect(new Set(ids).size).toBe(2);
});

test('escapes the name', () => {
  expect(rootProfile({ certificate, name: `<A> & "B"` })).toContain(
    '<string>&lt;A&gt; &amp; &quot;B&quot;</string>',
  );
});
