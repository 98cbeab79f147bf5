/** Certificates as Electron and as Node hand them out, in one form: the server's own first. */
import { X509Certificate } from 'node:crypto';

/** Longest chain that is looked at; real ones have two to four certificates. */
const MAX_LENGTH = 8;

/** The part of Electron's `Certificate` that is needed here. */
export interface SentCertificate {
  /** PEM. */
  data: string;
  /** The next certificate that the server sent; absent behind the last, whatever the typings say. */
  issuerCert?: SentCertificate | undefined;
}

/** The chain of Electron's `certificate-error`; empty when it cannot be read. */
export function sentChain(certificate: SentCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: SentCertificate | undefined = certificate;
  while (next !== undefined && chain.length < MAX_LENGTH) {
    const parsed = readCertificate(next.data);
    if (parsed === undefined) return [];
    chain.push(parsed);
    next = next.issuerCert;
  }
  return chain;
}

/** The part of Node's `DetailedPeerCertificate` that is needed here. */
interface PeerCertificate {
  raw: Buffer;
  /** The next one; a self-signed certificate is its own. */
  issuerCertificate?: PeerCertificate;
}

/** The chain of `getPeerCertificate(true)`; empty when there is none. */
export function peerChain(certificate: PeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: PeerCertificate | undefined = certificate;
  // Without a certificate Node answers an object that holds nothing at all.
  while (next !== undefined && 'raw' in next && chain.length < MAX_LENGTH) {
    const parsed = readCertificate(next.raw);
    if (parsed === undefined) return [];
    chain.push(parsed);
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

function readCertificate(data: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(data);
  } catch {
    // Chromium or Node could read it, this parser cannot: it is then trusted by nobody.
    return undefined;
  }
}

/** Whom a certificate is about: its common name, or the whole subject where it has none. */
export function certificateName({ subject }: Pick<X509Certificate, 'subject'>): string {
  const lines = subject.split('\n');
  const common = lines.find((line) => line.startsWith('CN='))?.slice('CN='.length);
  // What comes from outside is shown to people: without control and direction characters.
  return (common ?? lines.join(', ')).replace(/\p{C}/gu, '').slice(0, 200);
}
