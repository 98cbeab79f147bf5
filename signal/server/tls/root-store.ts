/** The root of this machine: made at the first start, kept for good. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataFolder } from './data-folder';
import { commonNameOf, constraintsOf, issueRoot } from './issue-certificate';
import { constraintsFor, type NameConstraints } from './name-constraints';
import { TlsError } from './tls-error';

const KEY_FILE = 'root.key';
const CERTIFICATE_FILE = 'root.crt';

/** A root with all that is needed to sign. */
export interface Root {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly constraints: NameConstraints;
  /** What phones show in their lists: "Sightline root of" and the machine. */
  readonly name: string;
}

interface RootRequest {
  readonly folder: DataFolder;
  readonly hostname: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly logger: Logger;
}

/**
 * Reads the root, or makes it where there is none. The key is settled first and never replaced; a
 * start that was broken off between the two files is completed by the next.
 * @throws TlsError when a file is unreadable, broken, or does not belong to the other
 */
export function loadRoot({ folder, hostname, nowMs, logger }: RootRequest): Root {
  const present = folder.read(CERTIFICATE_FILE);
  const presentKey = folder.read(KEY_FILE);
  if (present !== undefined && presentKey === undefined) {
    throw new TlsError(
      `${folder.pathOf(KEY_FILE)} is missing, and ${folder.pathOf(CERTIFICATE_FILE)} is of no use ` +
        'without it. Bring it back, or remove the other too: a new root is then made, and ' +
        'phones have to trust that one.',
    );
  }
  const key = readKey(
    folder,
    KEY_FILE,
    presentKey ?? folder.createOnce(KEY_FILE, newKeyPem(), { isPrivate: true }),
  );
  tighten(folder, KEY_FILE, logger);
  const pem = present ?? makeCertificate({ folder, hostname, nowMs, key });
  const certificate = readCertificate(folder, pem);
  if (!certificate.checkPrivateKey(key)) {
    throw new TlsError(
      `${folder.pathOf(KEY_FILE)} does not belong to ${folder.pathOf(CERTIFICATE_FILE)}. Bring ` +
        'back the right one, or choose another folder with --data-dir.',
    );
  }
  if (!certificate.ca || Date.parse(certificate.validTo) <= nowMs) {
    const fault = certificate.ca ? `ended on ${certificate.validTo}` : 'is not an authority';
    throw new TlsError(
      `The root in ${folder.pathOf(CERTIFICATE_FILE)} ${fault}. Move it and ${KEY_FILE} away: a ` +
        'new root is then made, and phones have to trust that one.',
    );
  }
  const root = { certificate, key, constraints: constraintsOf(certificate) };
  const facts = { file: folder.pathOf(CERTIFICATE_FILE), fingerprint: certificate.fingerprint256 };
  logger.info(facts, present === undefined ? 'made a new root certificate' : 'root certificate');
  return { ...root, name: commonNameOf(certificate) };
}

/**
 * Reads a private key of ours.
 * @throws TlsError when it is broken
 */
export function readKey(folder: DataFolder, name: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new TlsError(
      `${folder.pathOf(name)} holds no readable key. Bring back a good copy, or choose another ` +
        'folder with --data-dir.',
      error,
    );
  }
}

/** A new P-256 key as PEM: every phone knows that curve, and handshakes with it are short. */
export function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** Takes a key out of the sight of other users, if it was not. */
export function tighten(folder: DataFolder, name: string, logger: Logger): void {
  if (folder.makePrivate(name)) {
    logger.warn({ file: folder.pathOf(name) }, 'other users could read this key; now they cannot');
  }
}

function makeCertificate({
  folder,
  hostname,
  nowMs,
  key,
}: Omit<RootRequest, 'logger'> & { key: KeyObject }): string {
  const machine = hostname.replace(/\.local\.?$/iu, '');
  const constraints = constraintsFor(hostname);
  const made = issueRoot({ key, machine, constraints, nowMs });
  return folder.createOnce(CERTIFICATE_FILE, made.toString(), { isPrivate: false });
}

function readCertificate(folder: DataFolder, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new TlsError(
      `${folder.pathOf(CERTIFICATE_FILE)} holds no readable certificate. Bring back a good copy, ` +
        'or choose another folder with --data-dir.',
      error,
    );
  }
}
