/** The root as an iOS configuration profile (Apple, "Configuration Profile Reference"). */
import { createHash, type X509Certificate } from 'node:crypto';
import type { RootCertificate } from './certificate-source';

/**
 * The profile that installs a root. It is the same at every call, so that a phone that installs it
 * again replaces what it has.
 */
export function rootProfile({ certificate, name }: RootCertificate): string {
  const id = certificate.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase();
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>sightline.root.${id}</string>
  <key>PayloadUUID</key><string>${stableUuid(certificate, 'profile')}</string>
  <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
  <key>PayloadDescription</key><string>Lets this device trust the Sightline server of one machine, on private networks only.</string>
  <key>PayloadOrganization</key><string>Sightline</string>
  <key>PayloadRemovalDisallowed</key><false/>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>sightline.root.${id}.certificate</string>
      <key>PayloadUUID</key><string>${stableUuid(certificate, 'certificate')}</string>
      <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
      <key>PayloadCertificateFileName</key><string>sightline-root.crt</string>
      <key>PayloadContent</key>
      <data>${certificate.raw.toString('base64')}</data>
    </dict>
  </array>
</dict>
</plist>
`;
}

/** A UUID made from the root itself (version 8 of RFC 9562: bits of one's own making). */
function stableUuid(certificate: X509Certificate, purpose: string): string {
  const digest = createHash('sha256').update(certificate.raw).update(purpose).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16).toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
