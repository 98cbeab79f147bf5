import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testAuthority } from '../testing/certificates';
import { judgeChain } from './judge-chain';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const ours = testAuthority('desk', NOW);
const others = testAuthority('desk', NOW);
const { certificate: leaf } = ours.leaf(['127.0.0.1', '192.168.1.20', '::1', 'desk.local'], NOW);

const judge = (
  chain: X509Certificate[],
  { host = '127.0.0.1', nowMs = NOW, rootFingerprint = ours.fingerprint } = {},
) => judgeChain(chain, { host, nowMs, rootFingerprint });

/** Self-signed for 127.0.0.1, for clients only, from 2026 to 2126. */
const CLIENT_ONLY = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIBqDCCAU+gAwIBAgIUBpkFem8z/CF5x6pr893OCgQH2hQwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLY2xpZW50IG9ubHkwIBcNMjYxMTIyMTc1OTA4WhgPMjEyNjEw
MjkxNzU5MDhaMBYxFDASBgNVBAMMC2NsaWVudCBvbmx5MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAERVfbjooLcW7p+VXcDpLekDu1CR8vO9/uGFOyM1XkReT6WQt1
ZbWq9HjxDtrqNFCOUbrkevMst0BMpMlXpn/zT6N5MHcwHQYDVR0OBBYEFMS2umr6
bd2DTIj3VrDaqN8QxHrrMB8GA1UdIwQYMBaAFMS2umr6bd2DTIj3VrDaqN8QxHrr
MA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgwBocEfwAAATATBgNVHSUEDDAKBggr
BgEFBQcDAjAKBggqhkjOPQQDAgNHADBEAiAqYcLtG8PXer9ECklN97uMUmNTVRpz
cpEBPVtk42IcoAIgCE+Wdyv3cK3qK2JlOVcbTp5LgsKKf+MX7v+XgnT3mmc=
-----END CERTIFICATE-----`);

describe('judgeChain', () => {
  it.each(['127.0.0.1', '192.168.1.20', '[::1]', '::1', 'desk.local', 'DESK.local'])(
    'accepts a leaf of the trusted root for %s',
    (host) => {
      expect(judge([leaf, ours.root], { host })).toBeUndefined();
    },
  );

  it.each(['127.0.0.2', 'desk', 'evil.local', '[::2]', ''])('refuses it for %j', (host) => {
    expect(judge([leaf, ours.root], { host })).toBe('wrong-host');
  });

  it('refuses another root, even one of the same name', () => {
    const foreign = others.leaf(['127.0.0.1'], NOW).certificate;
    expect(judge([foreign, others.root])).toBe('another-root');
    expect(judge([foreign])).toBe('another-root');
    expect(judge([])).toBe('another-root');
  });

  it('refuses a foreign leaf that carries the trusted root along', () => {
    const foreign = others.leaf(['127.0.0.1'], NOW).certificate;
    expect(judge([foreign, ours.root])).toBe('broken-chain');
    expect(judge([foreign, others.root, ours.root])).toBe('broken-chain');
  });

  it('refuses a leaf that plays authority', () => {
    const victim = ours.leaf(['10.0.0.1'], NOW).certificate;
    expect(judge([victim, leaf, ours.root], { host: '10.0.0.1' })).toBe('broken-chain');
  });

  it('takes no notice of what follows the trusted root', () => {
    expect(judge([leaf, ours.root, others.root])).toBeUndefined();
  });

  it('refuses a leaf that has ended or not begun, and a root that has ended', () => {
    expect(judge([leaf, ours.root], { nowMs: NOW + 396 * DAY_MS })).toBe('expired');
    expect(judge([leaf, ours.root], { nowMs: NOW - 2 * DAY_MS })).toBe('not-yet-valid');
    const old = testAuthority('desk', NOW - 3_660 * DAY_MS);
    const late = old.leaf(['127.0.0.1'], NOW).certificate;
    expect(judge([late, old.root], { rootFingerprint: old.fingerprint })).toBe('expired');
  });

  it('accepts one certificate that is trusted itself, and only for servers', () => {
    expect(judge([leaf], { rootFingerprint: leaf.fingerprint256 })).toBeUndefined();
    const rootFingerprint = CLIENT_ONLY.fingerprint256;
    const nowMs = NOW + DAY_MS;
    expect(judge([CLIENT_ONLY], { rootFingerprint, nowMs })).toBe('wrong-purpose');
  });
});
