/** The `Range` header (RFC 9110 section 14), for one range; several are answered with everything. */

/** Bytes from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const SINGLE = /^bytes=\s*(?:(?<first>\d{1,15})-(?<last>\d{0,15})|-(?<suffix>\d{1,15}))\s*$/iu;

/**
 * Reads a range.
 * @param header - as it came
 * @param size - of the whole, in bytes
 * @returns undefined when there is none to heed: the whole is the answer; `unsatisfiable` when it
 *   asks for nothing that exists
 */
export function readRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const parts = header === undefined ? undefined : SINGLE.exec(header)?.groups;
  if (parts === undefined) return undefined;
  const { first, last, suffix } = parts;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const final = last === undefined || last === '' ? Infinity : Number(last);
  if (final < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(final + 1, size) };
}
