/**
 * Changes to SDP (RFC 8866), as pure functions. There is one, because there is no API for it:
 * libwebrtc takes the bitrate at which a sender starts from the remote description only.
 */

/** Codecs of a video section that carry repairs, not pictures. */
const REPAIR_CODECS = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03']);

/**
 * Lets the sender that applies this remote description start at a bitrate fit for a LAN.
 * Without it Chromium starts at 300 kbit/s and its first pictures are 320×180. The attribute is
 * libwebrtc's own (`kCodecParamStartBitrate` in media/base/media_constants.cc); other browsers ignore it.
 * From there the congestion controller adapts as ever. Idempotent.
 * @param sdp an answer, or any remote description.
 * @param startBitrateBps bits per second.
 */
export function withStartBitrate(sdp: string, startBitrateBps: number): string {
  const parameter = `x-google-start-bitrate=${String(Math.round(startBitrateBps / 1000))}`;
  return splitSections(sdp)
    .map((section) => (section.startsWith('m=video ') ? addParameter(section, parameter) : section))
    .join('');
}

/** The session part, then one part for each media description; joined they are the input. */
function splitSections(sdp: string): string[] {
  return sdp.split(/(?=^m=)/mu);
}

function addParameter(section: string, parameter: string): string {
  const lines = section.split('\r\n');
  const withFormat = new Set(lines.flatMap((line) => /^a=fmtp:(\d+) /u.exec(line)?.[1] ?? []));
  const pictures = new Set(
    lines.flatMap((line) => {
      const [, payload, codec] = /^a=rtpmap:(\d+) ([^/]+)\//u.exec(line) ?? [];
      if (payload === undefined || codec === undefined) return [];
      return REPAIR_CODECS.has(codec.toLowerCase()) ? [] : [payload];
    }),
  );
  return lines
    .flatMap((line) => {
      const format = /^a=fmtp:(\d+) /u.exec(line)?.[1];
      if (format !== undefined && pictures.has(format)) return [withParameter(line, parameter)];
      const mapped = /^a=rtpmap:(\d+) /u.exec(line)?.[1];
      if (mapped !== undefined && pictures.has(mapped) && !withFormat.has(mapped)) {
        return [line, `a=fmtp:${mapped} ${parameter}`];
      }
      return [line];
    })
    .join('\r\n');
}

/** An fmtp line with one more parameter; one of the same name gives way. */
function withParameter(line: string, parameter: string): string {
  const kept = line.replace(/;?x-google-start-bitrate=\d+/u, '');
  return kept.endsWith(' ') ? kept + parameter : `${kept};${parameter}`;
}

/** The ICE user name fragments a description announces (RFC 8839 section 5.4). */
export function iceUsernameFragments(sdp: string): ReadonlySet<string> {
  const found = sdp.matchAll(/^a=ice-ufrag:(\S+)/gmu);
  return new Set(Array.from(found, ([, fragment]) => fragment ?? ''));
}
