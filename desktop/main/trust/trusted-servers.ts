/** Which root the operator trusts at which address; kept in the settings. */
import type { Settings, SettingsFile } from '../settings-file';

/** Addresses remembered; the oldest goes when another comes. */
const MAX_REMEMBERED = 200;

/** The roots that the operator has compared and trusts, by `host:port`. */
export class TrustedServers {
  readonly #settings: Pick<SettingsFile, 'current' | 'update'>;

  constructor(settings: Pick<SettingsFile, 'current' | 'update'>) {
    this.#settings = settings;
  }

  /** Fingerprint of the root trusted at this address; undefined where none was trusted yet. */
  fingerprintAt(hostPort: string): string | undefined {
    return this.#roots.find(({ at }) => at === hostPort)?.root;
  }

  /** Whether this root is trusted at any address: a server may have moved to another one. */
  knows(fingerprint: string): boolean {
    return this.#roots.some(({ root }) => root === fingerprint);
  }

  /** Trusts a root at an address, in place of what was trusted there before. */
  trust(hostPort: string, fingerprint: string): void {
    if (this.fingerprintAt(hostPort) === fingerprint) return;
    const others = this.#roots.filter(({ at }) => at !== hostPort);
    const all = [...others, { at: hostPort, root: fingerprint }];
    this.#settings.update({ trustedRoots: all.slice(-MAX_REMEMBERED) });
  }

  get #roots(): NonNullable<Settings['trustedRoots']> {
    return this.#settings.current.trustedRoots ?? [];
  }
}
