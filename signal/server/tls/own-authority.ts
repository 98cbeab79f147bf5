/**
 * The certificate of `--tls auto`: a leaf for this machine's present names and addresses, signed
 * by the machine's own root and kept beside it, so that a restart changes nothing.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { canonicalHost, certificateHosts, isWildcard } from './certificate-hosts';
import type { CertificateSource, RootCertificate, TlsMaterial } from './certificate-source';
import { DataFolder } from './data-folder';
import { issueLeaf, leafFacts } from './issue-certificate';
import { isPermitted } from './name-constraints';
import { reissueReason, type LeafFacts, type ReissueReason } from './renewal-rules';
import { loadRoot, newKeyPem, readKey, tighten, type Root } from './root-store';
import { reasonOf, TlsError } from './tls-error';

const KEY_FILE = 'leaf.key';
const CERTIFICATE_FILE = 'leaf.crt';

/** Said of public addresses and foreign names. */
const LEFT_OUT = 'not in the certificate: the root signs only for private addresses, local names';

/** What an authority needs; machine and clock are brought, so that tests can change them. */
export interface OwnAuthorityOptions {
  /** Folder of the keys and certificates. */
  readonly tlsDir: string;
  readonly listenHost: string;
  readonly hostname: () => string;
  readonly interfaces: () => ReturnType<typeof networkInterfaces>;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** See the head of this file. */
export class OwnAuthority implements CertificateSource {
  readonly names = [];
  readonly #options: OwnAuthorityOptions;
  readonly #folder: DataFolder;
  readonly #root: Root;
  readonly #keyPem: string;
  readonly #key: KeyObject;
  #leaf: X509Certificate;
  #facts: LeafFacts;
  /** Hosts last reported as left out, so that each change is told once. */
  #leftOut = '';

  /**
   * Brings up root and leaf, making what is missing.
   * @throws TlsError when the folder or one of its files cannot be used, or when the root may not
   *   sign for the address the server was told to listen on
   */
  constructor(options: OwnAuthorityOptions) {
    const { tlsDir, listenHost, logger } = options;
    this.#options = options;
    this.#folder = new DataFolder(tlsDir);
    this.#root = loadRoot({
      folder: this.#folder,
      hostname: options.hostname(),
      nowMs: options.nowMs(),
      logger,
    });
    this.#refuseForeign(listenHost);
    this.#keyPem =
      this.#folder.read(KEY_FILE) ??
      this.#folder.createOnce(KEY_FILE, newKeyPem(), { isPrivate: true });
    this.#key = readKey(this.#folder, KEY_FILE, this.#keyPem);
    tighten(this.#folder, KEY_FILE, logger);
    const kept = this.#readLeaf();
    this.#leaf = kept ?? this.#issue('there is none');
    this.#facts = leafFacts(this.#leaf);
    if (kept !== undefined) this.refresh();
  }

  get material(): TlsMaterial {
    // The root travels along, so that whoever pins it finds it in the handshake.
    const { certificate } = this.#root;
    return { cert: `${this.#leaf.toString()}${certificate.toString()}`, key: this.#keyPem };
  }

  get root(): RootCertificate {
    return this.#root;
  }

  covers(host: string): boolean {
    return this.#facts.hosts.includes(canonicalHost(host));
  }

  refresh(): boolean {
    const hosts = this.#hosts();
    const rootNotAfterMs = Date.parse(this.#root.certificate.validTo);
    const nowMs = this.#options.nowMs();
    const reason = reissueReason(this.#facts, { hosts, rootNotAfterMs, nowMs });
    if (reason === undefined) return false;
    this.#leaf = this.#issue(reason);
    this.#facts = leafFacts(this.#leaf);
    return true;
  }

  #hosts(): readonly string[] {
    const { hostname, interfaces, listenHost, logger } = this.#options;
    const facts = { hostname: hostname(), interfaces: interfaces(), listenHost };
    const { covered, leftOut } = certificateHosts(facts, this.#root.constraints);
    if (leftOut.join() !== this.#leftOut) {
      this.#leftOut = leftOut.join();
      // Most networks hand out public IPv6 addresses beside private ones; phones need none of them.
      const level = leftOut.some((host) => !isIPv6(host)) ? 'warn' : 'info';
      if (leftOut.length > 0) logger[level]({ leftOut }, LEFT_OUT);
    }
    return covered;
  }

  #issue(reason: ReissueReason | 'there is none'): X509Certificate {
    const { logger, nowMs } = this.#options;
    const leaf = issueLeaf({
      root: this.#root.certificate,
      rootKey: this.#root.key,
      leafKey: this.#key,
      hosts: this.#hosts(),
      nowMs: nowMs(),
    });
    logger.info({ reason, ends: leaf.validTo, hosts: leaf.subjectAltName }, 'made a certificate');
    try {
      this.#folder.replace(CERTIFICATE_FILE, leaf.toString());
    } catch (error) {
      // It serves all the same; the next start makes another.
      const file = this.#folder.pathOf(CERTIFICATE_FILE);
      logger.warn({ file, reason: reasonOf(error) }, 'the certificate could not be kept');
    }
    return leaf;
  }

  /** The leaf of an earlier start, if it is sound; nothing but this file depends on it. */
  #readLeaf(): X509Certificate | undefined {
    const pem = this.#folder.read(CERTIFICATE_FILE);
    if (pem === undefined) return undefined;
    try {
      const leaf = new X509Certificate(pem);
      const isOurs = leaf.checkPrivateKey(this.#key) && leaf.checkIssued(this.#root.certificate);
      if (isOurs && leaf.verify(this.#root.certificate.publicKey)) return leaf;
    } catch (error) {
      const file = this.#folder.pathOf(CERTIFICATE_FILE);
      this.#options.logger.warn({ file, reason: reasonOf(error) }, 'a kept certificate is broken');
    }
    return undefined;
  }

  #refuseForeign(host: string): void {
    if (isWildcard(host) || isPermitted(canonicalHost(host), this.#root.constraints)) return;
    throw new TlsError(
      `The certificate authority of this machine signs only for private addresses and local ` +
        `names, and --host ${host} is neither. Give a certificate for it with --cert and --key, ` +
        'or choose another --host.',
    );
  }
}
