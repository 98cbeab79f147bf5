/**
 * What a server says of itself on the network by DNS-SD (RFC 6763): a `_sightline._tcp` service
 * whose TXT record names the server and its root. Anybody on the network can say anything here,
 * so a reader checks the form at once and the truth when it joins.
 */
import * as v from 'valibot';

/** Type of the service, without underscore and protocol. */
export const SERVICE_TYPE = 'sightline';

/** Longest name that is announced or read, in bytes: a TXT string holds 255 with its key. */
const MAX_NAME_BYTES = 200;

/** What is announced. */
export interface Announcement {
  /** Name of the server, for people. */
  readonly name: string;
  readonly isSecure: boolean;
  /** SHA-256 of the root, upper-case hex with colons; absent where there is none of our own. */
  readonly fingerprint: string | undefined;
  /** Version of the server. */
  readonly version: string;
}

const txtSchema = v.object({
  name: v.pipe(
    v.string(),
    // Shown to people: without control and direction characters, and never longer than a line.
    v.transform((name) => withinBytes(name.replace(/\p{C}/gu, '').trim(), MAX_NAME_BYTES)),
    v.minLength(1),
  ),
  tls: v.picklist(['on', 'off']),
  fingerprint: v.optional(v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u))),
  version: v.pipe(v.string(), v.maxLength(40)),
});

/** The keys of the TXT record (RFC 6763, section 6). */
export function toTxt({
  name,
  isSecure,
  fingerprint,
  version,
}: Announcement): Record<string, string> {
  return {
    name: withinBytes(name, MAX_NAME_BYTES),
    tls: isSecure ? 'on' : 'off',
    ...(fingerprint === undefined ? {} : { fingerprint }),
    version,
  };
}

/** Reads a TXT record; undefined when it is none of ours. */
export function fromTxt(txt: unknown): Announcement | undefined {
  const parsed = v.safeParse(txtSchema, txt);
  if (!parsed.success) return undefined;
  const { name, tls, fingerprint, version } = parsed.output;
  return { name, isSecure: tls === 'on', fingerprint, version };
}

/**
 * Name of the service on the network, at most 63 bytes. It must be nobody else's there: machines
 * made from one image share name and port, so a part of it is drawn by lot.
 */
export function instanceName(name: string, lot: string): string {
  const tail = ` ${lot}`;
  return withinBytes(name.replaceAll('.', '-'), 63 - tail.length) + tail;
}

/** Cuts a text to a number of UTF-8 bytes, between characters. */
function withinBytes(text: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
