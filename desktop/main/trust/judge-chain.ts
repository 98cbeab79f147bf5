/**
 * Whether a server's certificates hold for a host when one root is all we trust. Chromium and Node
 * only say "unknown authority" of our servers and stop there, so every other check is made here:
 * signatures, dates, names, purpose (RFC 5280, section 6.1; RFC 9525 for the name). Name
 * constraints are not looked at: a root is trusted for one host, so it can claim no other.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** Purposes of a certificate that let it serve TLS: serverAuth and anyExtendedKeyUsage. */
const SERVER_PURPOSES: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/**
 * Why certificates do not hold.
 * - `another-root`: none of them is the trusted one.
 * - `broken-chain`: one is not really signed by the next, or the next may sign nothing.
 * - `wrong-host`: they are for other names or addresses.
 * - `expired`, `not-yet-valid`: one of them, by this computer's clock.
 * - `wrong-purpose`: not for servers.
 */
export type ChainFault =
  'another-root' | 'broken-chain' | 'wrong-host' | 'expired' | 'not-yet-valid' | 'wrong-purpose';

/** What the certificates have to fulfil. */
export interface ChainExpectation {
  /** SHA-256 of the trusted root, upper-case hex with colons. */
  rootFingerprint: string;
  /** Host that was connected to: a name, or an address with or without brackets. */
  host: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/**
 * Judges certificates in the order a server sends them, its own first.
 *
 * @returns undefined when they hold.
 */
export function judgeChain(
  sent: readonly X509Certificate[],
  { rootFingerprint, host, nowMs }: ChainExpectation,
): ChainFault | undefined {
  const rootIndex = sent.findIndex(({ fingerprint256 }) => fingerprint256 === rootFingerprint);
  const chain = sent.slice(0, rootIndex + 1);
  const leaf = chain[0];
  if (leaf === undefined) return 'another-root';
  const isSigned = chain.every((certificate, index) => {
    const issuer = chain[index + 1];
    return issuer === undefined || isIssuedBy(certificate, issuer);
  });
  if (!isSigned) return 'broken-chain';
  if (chain.some(({ validTo }) => nowMs > Date.parse(validTo))) return 'expired';
  if (chain.some(({ validFrom }) => nowMs < Date.parse(validFrom))) return 'not-yet-valid';
  if (!isFor(leaf, host)) return 'wrong-host';
  return mayServe(leaf) ? undefined : 'wrong-purpose';
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isFor(leaf: X509Certificate, host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/u, '$1');
  const match = isIP(bare) === 0 ? leaf.checkHost(bare, { subject: 'never' }) : leaf.checkIP(bare);
  return match !== undefined;
}

/** A certificate that names no purpose is good for all; the typings do not know that it may. */
function mayServe({ keyUsage }: { keyUsage: string[] | undefined }): boolean {
  return keyUsage === undefined || keyUsage.some((purpose) => SERVER_PURPOSES.includes(purpose));
}
