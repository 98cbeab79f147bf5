import { keyInHash } from './link-key';

/** What a person pasted: a key for this server, an address of another one, or neither. */
export type PastedLink =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'none' };

/**
 * Reads a link that was pasted where a page asks for one; a key alone does, too.
 * @param origin of this page.
 */
export function readPastedLink(text: string, origin: string): PastedLink {
  const trimmed = text.trim();
  const bare = keyInHash(`#key=${trimmed}`);
  if (bare !== undefined) return { kind: 'key', key: bare };
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    // Not an address at all.
    return { kind: 'none' };
  }
  const key = keyInHash(url.hash);
  if (key === undefined || !/^https?:$/u.test(url.protocol)) return { kind: 'none' };
  return url.origin === origin ? { kind: 'key', key } : { kind: 'elsewhere', url: url.href };
}
