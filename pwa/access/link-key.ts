/** Keys travel in the fragment of a link, which browsers never send to a server. */
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';

/**
 * The key in a fragment; undefined where there is none that could be one.
 * @param hash as `location.hash` has it.
 */
export function keyInHash(hash: string): string | undefined {
  const key = new URLSearchParams(hash.slice(1)).get('key');
  const parsed = v.safeParse(secretSchema, key);
  return parsed.success ? parsed.output : undefined;
}

/** The window, as far as its address is concerned. */
export interface AddressBar extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
}

/**
 * Takes the key out of the address, now and whenever a link is opened on this very page, so that it
 * is neither read over a shoulder nor kept in the history. Everything else of the address stays.
 * @param take called with each key that is found.
 * @returns the way to stop.
 */
export function takeKeys(bar: AddressBar, take: (key: string) => void): () => void {
  const read = (): void => {
    const { pathname, search, hash } = bar.location;
    const key = keyInHash(hash);
    if (key === undefined) return;
    bar.history.replaceState(bar.history.state, '', pathname + search);
    take(key);
  };
  bar.addEventListener('hashchange', read);
  read();
  return () => bar.removeEventListener('hashchange', read);
}
