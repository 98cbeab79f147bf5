import { existsSync } from 'node:fs';
import { runBounded } from './run-bounded';
import { findProgram, requireProgram } from './system-packages';

/** Where systemd lies while it is the init of the machine (sd_booted(3)). */
const SYSTEMD_FOLDER = '/run/systemd/system';

/**
 * Makes sure that coturn's TURN server is there. Debian's package also starts it as a service, open
 * to every network of the machine; a service that only came with the tests is switched off again.
 *
 * @returns the path of `turnserver`.
 * @throws Error with one sentence that says what to install, or to switch off by hand.
 */
export async function provisionCoturn(): Promise<string> {
  const found = findTurnServer();
  if (found !== undefined) return found;
  const installed = await requireProgram('turnserver', 'coturn');
  if (existsSync(SYSTEMD_FOLDER)) {
    const command = ['disable', '--now', 'coturn.service'];
    const { ok, stderr } = await runBounded('systemctl', command, { timeoutMs: 30_000 });
    if (!ok) {
      throw new Error(
        'coturn was installed, but its service, a relay open to every network of this machine, ' +
          `could not be switched off (${stderr.trim() || 'systemctl said nothing'}): do it by ` +
          '"sudo systemctl disable --now coturn", then run npm test again.',
      );
    }
  }
  return installed;
}

/** Finds coturn's TURN server; undefined when this machine has none. */
export function findTurnServer(): string | undefined {
  return findProgram('turnserver');
}
