/**
 * Makes and reads X.509 certificates (RFC 5280) with P-256 keys: the structures are ASN.1 schemas,
 * keys and signatures are Node's own.
 */
import { createHash, createPublicKey, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';
import { canonicalHost } from './certificate-hosts';
import type { NameConstraints } from './name-constraints';
import { BACKDATE_MS, leafNotAfterMs, ROOT_VALIDITY_MS, type LeafFacts } from './renewal-rules';

/** RFC 5758, section 3.2. */
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** Upper bound of a common name, in characters (RFC 5280, appendix A). */
const MAX_COMMON_NAME = 64;

interface RootRequest {
  readonly key: KeyObject;
  /** Which machine it belongs to; people read it in their phone's list of authorities. */
  readonly machine: string;
  readonly constraints: NameConstraints;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

interface LeafRequest {
  readonly root: X509Certificate;
  readonly rootKey: KeyObject;
  readonly leafKey: KeyObject;
  readonly hosts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Makes a self-signed root that signs leaves only, and only for what its constraints permit. */
export function issueRoot({ key, machine, constraints, nowMs }: RootRequest): X509Certificate {
  const name = distinguishedName(`Sightline root of ${machine}`.slice(0, MAX_COMMON_NAME));
  const subjectKey = publicKeyInfo(key);
  return signedBy(key, {
    issuer: name,
    subject: name,
    subjectKey,
    notBeforeMs: nowMs - BACKDATE_MS,
    notAfterMs: nowMs + ROOT_VALIDITY_MS,
    extensions: [
      extension(
        x509.id_ce_basicConstraints,
        new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 }),
        { critical: true },
      ),
      extension(
        x509.id_ce_keyUsage,
        new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign),
        { critical: true },
      ),
      extension(x509.id_ce_nameConstraints, constraintsExtension(constraints), { critical: true }),
      extension(x509.id_ce_subjectKeyIdentifier, keyIdentifier(subjectKey)),
    ],
  });
}

/** Makes a leaf for these hosts. The caller has left out what the root may not sign. */
export function issueLeaf(request: LeafRequest): X509Certificate {
  const { root, rootKey, leafKey, hosts, nowMs } = request;
  const issuer = parse(root);
  const subjectKey = publicKeyInfo(leafKey);
  return signedBy(rootKey, {
    issuer: issuer.subject,
    subject: distinguishedName('Sightline server'),
    subjectKey,
    notBeforeMs: Math.max(nowMs - BACKDATE_MS, Date.parse(root.validFrom)),
    notAfterMs: leafNotAfterMs(nowMs, Date.parse(root.validTo)),
    extensions: [
      extension(x509.id_ce_basicConstraints, new x509.BasicConstraints(), { critical: true }),
      extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.digitalSignature), {
        critical: true,
      }),
      extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
      extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(hosts.map(generalName))),
      extension(x509.id_ce_subjectKeyIdentifier, keyIdentifier(subjectKey)),
      extension(
        x509.id_ce_authorityKeyIdentifier,
        new x509.AuthorityKeyIdentifier({
          keyIdentifier: keyIdentifier(issuer.subjectPublicKeyInfo),
        }),
      ),
    ],
  });
}

/** Reads what the renewal rules need of a leaf. */
export function leafFacts(certificate: X509Certificate): LeafFacts {
  return {
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    hosts: hostsOf(certificate),
  };
}

/** Names and addresses that a certificate is for, canonical. */
export function hostsOf(certificate: X509Certificate): string[] {
  const raw = extensionOf(certificate, x509.id_ce_subjectAltName);
  if (raw === undefined) return [];
  return AsnConvert.parse(raw, x509.SubjectAlternativeName)
    .map(({ dNSName, iPAddress }) => dNSName ?? iPAddress)
    .filter((host) => host !== undefined)
    .map(canonicalHost);
}

/** Reads what a root may sign for. Without constraints that is nothing: it is none of ours. */
export function constraintsOf(root: X509Certificate): NameConstraints {
  const raw = extensionOf(root, x509.id_ce_nameConstraints);
  if (raw === undefined) return { permitted: [], excluded: [] };
  const constraints = AsnConvert.parse(raw, x509.NameConstraints);
  return {
    permitted: subtreesOf(constraints.permittedSubtrees),
    excluded: subtreesOf(constraints.excludedSubtrees),
  };
}

/** The common name of a certificate's subject. */
export function commonNameOf(certificate: X509Certificate): string {
  const attributes = [...parse(certificate).subject].flatMap((part) => [...part]);
  return attributes.find(({ type }) => type === COMMON_NAME)?.value.toString() ?? '';
}

interface Content {
  readonly issuer: x509.Name;
  readonly subject: x509.Name;
  readonly subjectKey: x509.SubjectPublicKeyInfo;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: x509.Extension[];
}

function signedBy(key: KeyObject, content: Content): X509Certificate {
  const algorithm = new x509.AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const body = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: content.issuer,
    validity: new x509.Validity({
      notBefore: new Date(content.notBeforeMs),
      notAfter: new Date(content.notAfterMs),
    }),
    subject: content.subject,
    subjectPublicKeyInfo: content.subjectKey,
    extensions: new x509.Extensions(content.extensions),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(body)), key);
  const certificate = new x509.Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: arrayBuffer(signature),
  });
  return new X509Certificate(Buffer.from(AsnConvert.serialize(certificate)));
}

/** 16 random bytes, positive and never shortened (RFC 5280, section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return arrayBuffer(bytes);
}

function distinguishedName(commonName: string): x509.Name {
  const attribute = (type: string, utf8String: string): x509.RelativeDistinguishedName =>
    new x509.RelativeDistinguishedName([
      new x509.AttributeTypeAndValue({ type, value: new x509.AttributeValue({ utf8String }) }),
    ]);
  return new x509.Name([attribute(ORGANIZATION, 'Sightline'), attribute(COMMON_NAME, commonName)]);
}

function extension(
  extnID: string,
  value: object,
  { critical = false }: { critical?: boolean } = {},
): x509.Extension {
  return new x509.Extension({
    extnID,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

function constraintsExtension({ permitted, excluded }: NameConstraints): x509.NameConstraints {
  const subtrees = (names: readonly string[]): x509.GeneralSubtrees =>
    new x509.GeneralSubtrees(
      names.map((name) => new x509.GeneralSubtree({ base: generalName(name) })),
    );
  return new x509.NameConstraints({
    permittedSubtrees: subtrees(permitted),
    ...(excluded.length === 0 ? {} : { excludedSubtrees: subtrees(excluded) }),
  });
}

function generalName(host: string): x509.GeneralName {
  const isAddress = isIP(host) !== 0 || host.includes('/');
  return new x509.GeneralName(isAddress ? { iPAddress: host } : { dNSName: host });
}

function subtreesOf(subtrees: x509.GeneralSubtrees | undefined): string[] {
  return Array.from(subtrees ?? new x509.GeneralSubtrees())
    .map(({ base }) => base.dNSName ?? base.iPAddress)
    .filter((name) => name !== undefined);
}

function publicKeyInfo(key: KeyObject): x509.SubjectPublicKeyInfo {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return AsnConvert.parse(spki, x509.SubjectPublicKeyInfo);
}

/** Method 1 of RFC 5280, section 4.2.1.2; SHA-1 only names the key here. */
function keyIdentifier(key: x509.SubjectPublicKeyInfo): x509.SubjectKeyIdentifier {
  const digest = createHash('sha1').update(Buffer.from(key.subjectPublicKey)).digest();
  return new x509.SubjectKeyIdentifier(arrayBuffer(digest));
}

function parse(certificate: X509Certificate): x509.TBSCertificate {
  return AsnConvert.parse(certificate.raw, x509.Certificate).tbsCertificate;
}

function extensionOf(certificate: X509Certificate, id: string): ArrayBuffer | undefined {
  return parse(certificate).extensions?.find(({ extnID }) => extnID === id)?.extnValue.buffer;
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
