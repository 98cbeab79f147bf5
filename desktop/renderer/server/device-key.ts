import * as v from 'valibot';
import { secretSchema } from '../../../signal/protocol/fields';

/** Entry of `localStorage`; apart from that of the phone pages, which may share this origin. */
const STORAGE_KEY = 'sightline-console-device-key';

/** Size of the secret, in bytes: 128 bits cannot be guessed. */
const SECRET_BYTES = 16;

/**
 * The secret by which the server knows this console again, so that a reload does not use up an
 * invitation a second time. Where storage is denied it lasts as long as the page.
 */
export function consoleDeviceKey(page: Pick<Window, 'localStorage'>): string {
  const kept = read(page);
  if (kept !== undefined) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const made = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  try {
    page.localStorage.setItem(STORAGE_KEY, made);
  } catch {
    // Storage is denied or full: after a reload this is a new device.
  }
  return made;
}

function read(page: Pick<Window, 'localStorage'>): string | undefined {
  try {
    const stored = v.safeParse(secretSchema, page.localStorage.getItem(STORAGE_KEY));
    return stored.success ? stored.output : undefined;
  } catch {
    // Storage is denied.
    return undefined;
  }
}
