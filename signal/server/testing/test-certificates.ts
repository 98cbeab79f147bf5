/** Keys and certificates for tests, made on the spot. */
import { execFileSync } from 'node:child_process';
import type { X509Certificate } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { issueLeaf, issueRoot } from '../tls/issue-certificate';
import { constraintsFor } from '../tls/name-constraints';
import { newKeyPem } from '../tls/root-store';

/** One day in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A root, a leaf and their keys, as PEM and as objects. */
export interface TestCertificates {
  readonly root: X509Certificate;
  readonly rootKeyPem: string;
  readonly leaf: X509Certificate;
  readonly leafKeyPem: string;
}

/** Makes a root of a machine named "studio" and a leaf for these hosts. */
export function makeCertificates({
  hosts = ['localhost', '127.0.0.1'],
  nowMs = Date.now(),
  hostname = 'studio',
}: { hosts?: readonly string[]; nowMs?: number; hostname?: string } = {}): TestCertificates {
  const rootKeyPem = newKeyPem();
  const rootKey = createPrivateKey(rootKeyPem);
  const constraints = constraintsFor(hostname);
  const root = issueRoot({ key: rootKey, machine: hostname, constraints, nowMs });
  const leafKeyPem = newKeyPem();
  const leafKey = createPrivateKey(leafKeyPem);
  const leaf = issueLeaf({ root, rootKey, leafKey, hosts, nowMs });
  return { root, rootKeyPem, leaf, leafKeyPem };
}

/**
 * Runs OpenSSL's program: another reader of certificates than the one that Node has inside.
 * @returns all it printed, whether it succeeded or not
 */
export function openssl(args: readonly string[], input = ''): string {
  try {
    return execFileSync('openssl', args, { input, stdio: 'pipe' }).toString();
  } catch (error) {
    if (!(error instanceof Error) || !('stderr' in error)) throw error;
    if ('code' in error && error.code === 'ENOENT') {
      throw new Error('These tests need the program openssl: install it, then run them again.');
    }
    return String(error.stderr);
  }
}
