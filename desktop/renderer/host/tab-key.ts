/**
 * The key of the link that this tab was opened by. It is taken out of the address bar, where it
 * could be read over a shoulder or land in a history, and kept for reloads of the tab.
 */
import { keyOfFragment } from '../access/key-input';

/** Entry of `sessionStorage`, which other tabs do not share. */
const STORAGE_KEY = 'sightline-console-key';

/** What of a window is needed. */
export type KeyPage = Pick<
  Window,
  'location' | 'history' | 'sessionStorage' | 'addEventListener' | 'removeEventListener'
>;

/** The key in the address; undefined where there is none. */
export function keyInAddress(page: Pick<KeyPage, 'location'>): string | undefined {
  return keyOfFragment(page.location.hash);
}

/** Takes a key from the address, keeps it and cleans the address; undefined where there is none. */
export function takeKeyFromAddress(page: KeyPage): string | undefined {
  const key = keyInAddress(page);
  if (key === undefined) return undefined;
  keepTabKey(page, key);
  const { pathname, search } = page.location;
  page.history.replaceState(page.history.state, '', `${pathname}${search}`);
  return key;
}

/** The key that was kept in this tab. */
export function keptTabKey(page: KeyPage): string | undefined {
  try {
    return page.sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  } catch {
    // Storage is denied: the key lives as long as the page.
    return undefined;
  }
}

/** Keeps a key for reloads of this tab. */
export function keepTabKey(page: KeyPage, key: string): void {
  try {
    page.sessionStorage.setItem(STORAGE_KEY, key);
  } catch {
    // Storage is denied: after a reload the link has to be opened again, and nothing else is lost.
  }
}
