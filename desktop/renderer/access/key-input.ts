import * as v from 'valibot';
import { signalingOriginOf } from '../../../signal/client/origin';
import { secretSchema } from '../../../signal/protocol/fields';

/** Name of the key in a link's fragment, which browsers never send to a server. */
const PARAMETER = 'key';

/** Takes the key out of a fragment such as `#key=…`; undefined where there is none. */
export function keyOfFragment(fragment: string): string | undefined {
  const value = new URLSearchParams(fragment.replace(/^#/u, '')).get(PARAMETER);
  const parsed = v.safeParse(secretSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Takes the key out of what a person pasted: a whole link, its end, or the bare key. */
export function keyOfInput(input: string): string | undefined {
  const text = input.trim();
  const fragment = text.slice(Math.max(0, text.indexOf('#')));
  return keyOfFragment(fragment) ?? keyOfFragment(`key=${text}`);
}

/** Signaling origin that a pasted link leads to; undefined where it is no web address. */
export function originOfLink(input: string): string | undefined {
  try {
    const url = new URL(input.trim());
    return /^https?:$/u.test(url.protocol) ? signalingOriginOf(url) : undefined;
  } catch {
    // A bare key, or the end of a link.
    return undefined;
  }
}
