/** The certificate of `--cert` and `--key`: read again whenever the files change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { canonicalHost, isAddress } from './certificate-hosts';
import type { CertificateSource, TlsMaterial } from './certificate-source';
import { hostsOf } from './issue-certificate';
import { reasonOf, TlsError } from './tls-error';

/** Time before its end at which the log begins to remind of a certificate, in milliseconds. */
const REMIND_BEFORE_MS = 14 * 24 * 60 * 60 * 1000;

/** Where the operator keeps it. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What is needed besides the files. */
export interface OperatorCertificateOptions extends CertificateFiles {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** See the head of this file. */
export class OperatorCertificate implements CertificateSource {
  readonly root = undefined;
  readonly #options: OperatorCertificateOptions;
  #material: TlsMaterial;
  #certificate: X509Certificate;
  /** What was last said of files that cannot be used, so that it is said once. */
  #complaint = '';
  #isReminded = false;

  /**
   * Reads the files.
   * @throws TlsError when one cannot be used; the sentence names the file and its option
   */
  constructor(options: OperatorCertificateOptions) {
    this.#options = options;
    this.#material = readFiles(options);
    this.#certificate = check(this.#material, options);
    this.#remind();
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  /** Names without a wildcard, in the order of the certificate. */
  get names(): string[] {
    return hostsOf(this.#certificate).filter((name) => !isAddress(name) && !name.includes('*'));
  }

  covers(host: string): boolean {
    const name = canonicalHost(host);
    const match = isAddress(host)
      ? this.#certificate.checkIP(name)
      : this.#certificate.checkHost(name, { subject: 'never' });
    return match !== undefined;
  }

  refresh(): boolean {
    this.#remind();
    try {
      const material = readFiles(this.#options);
      if (material.cert === this.#material.cert && material.key === this.#material.key) {
        this.#complaint = '';
        return false;
      }
      this.#certificate = check(material, this.#options);
      this.#material = material;
      this.#complaint = '';
      this.#isReminded = false;
      this.#options.logger.info({ ends: this.#certificate.validTo }, 'the certificate was renewed');
      return true;
    } catch (error) {
      // Renewal writes one file after the other; what does not fit yet may fit at the next look.
      const sentence = reasonOf(error);
      if (sentence !== this.#complaint) {
        this.#complaint = sentence;
        this.#options.logger.warn({ reason: sentence }, 'the changed certificate is not used');
      }
      return false;
    }
  }

  #remind(): void {
    const { certFile, nowMs, logger } = this.#options;
    if (this.#isReminded) return;
    if (nowMs() < Date.parse(this.#certificate.validTo) - REMIND_BEFORE_MS) return;
    this.#isReminded = true;
    logger.warn({ certFile, ends: this.#certificate.validTo }, 'the certificate ends soon');
  }
}

function readFiles({ certFile, keyFile }: CertificateFiles): TlsMaterial {
  return { cert: readText(certFile, '--cert'), key: readText(keyFile, '--key') };
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TlsError(`The file ${file} (${option}) cannot be read: ${reasonOf(error)}.`, error);
  }
}

/** Checks that a server can use it, now, and answers its own certificate, the first of the chain. */
function check(
  { cert, key }: TlsMaterial,
  { certFile, keyFile, nowMs }: OperatorCertificateOptions,
): X509Certificate {
  const certificate = attempt(
    () => new X509Certificate(cert),
    `The file ${certFile} (--cert) holds no certificate in PEM form.`,
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    key.includes('ENCRYPTED')
      ? `The key in ${keyFile} (--key) is protected by a passphrase; give one without.`
      : `The file ${keyFile} (--key) holds no private key in PEM form.`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsError(
      `The key in ${keyFile} (--key) does not belong to the certificate in ${certFile} (--cert).`,
    );
  }
  const now = nowMs();
  if (now >= Date.parse(certificate.validTo)) {
    throw new TlsError(
      `The certificate in ${certFile} (--cert) ended on ${certificate.validTo}; renew it.`,
    );
  }
  if (now < Date.parse(certificate.validFrom)) {
    throw new TlsError(
      `The certificate in ${certFile} (--cert) begins on ${certificate.validFrom}; check the clock.`,
    );
  }
  attempt(
    () => createSecureContext({ cert, key }),
    `The certificate in ${certFile} (--cert) cannot be used for TLS; give the whole chain in PEM form.`,
  );
  return certificate;
}

function attempt<T>(make: () => T, sentence: string): T {
  try {
    return make();
  } catch (error) {
    throw new TlsError(sentence, error);
  }
}
