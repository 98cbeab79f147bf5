/** Where a server's certificate comes from: our own authority, or files of the operator. */
import type { X509Certificate } from 'node:crypto';

/** What a TLS server is set up with, as PEM. */
export interface TlsMaterial {
  /** The server's certificate first, then those that lead to its root. */
  readonly cert: string;
  readonly key: string;
}

/** The root that phones are to trust. */
export interface RootCertificate {
  readonly certificate: X509Certificate;
  /** What phones show in their lists. */
  readonly name: string;
}

/** A certificate that may change while the server runs. */
export interface CertificateSource {
  readonly material: TlsMaterial;
  /** Our own root; undefined where the operator brought a certificate. */
  readonly root: RootCertificate | undefined;
  /** Names that people should use, best first; empty where addresses do. */
  readonly names: readonly string[];
  /** Whether browsers accept the certificate for a host (a URL's, so IPv6 in brackets). */
  covers(host: string): boolean;
  /**
   * Looks whether the certificate has to be another one by now. Never throws: what goes wrong is
   * logged, and the present certificate stays.
   * @returns whether `material` has changed
   */
  refresh(): boolean;
}
