/**
 * Cuts a fingerprint into groups of four bytes, so that the eye finds its place again when it
 * compares two; the colons stay, as terminals and phones show them.
 */
export function fingerprintGroups(fingerprint: string): string[] {
  return fingerprint.match(/(?:[0-9A-F]{2}:?){1,4}/gu) ?? [];
}
