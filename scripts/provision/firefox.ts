import { findProgram, requireProgram } from './system-packages';

/** Debian's own is the extended support release; others name it plainly. */
const PROGRAM_NAMES = ['firefox-esr', 'firefox'];

/**
 * Makes sure that there is a Firefox, and NSS's `certutil`, which tells it whom to trust.
 *
 * @returns the path of Firefox.
 * @throws Error with one sentence that says what to install.
 */
export async function provisionFirefox(): Promise<string> {
  await requireProgram('certutil', 'libnss3-tools');
  return findFirefox() ?? (await requireProgram('firefox-esr', 'firefox-esr'));
}

/** Finds a Firefox that is already there; undefined when this machine has none. */
export function findFirefox(): string | undefined {
  return PROGRAM_NAMES.map(findProgram).find((file) => file !== undefined);
}
