/**
 * What one device trusts: a home folder of its own, whose NSS database is the list of roots that
 * Chromium reads on Linux. It starts empty, and the machine's own lists are never touched.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../scripts/provision/system-packages';
import type { Stage } from './stage';

/** Why this machine cannot have such a device; undefined when it can. */
export function trustStoreObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'Chromium reads an NSS database on Linux only';
  if (findProgram('certutil') !== undefined) return undefined;
  return 'the program certutil is missing; install libnss3-tools';
}

/** See the head of this file. */
export class TrustStore {
  private readonly home = mkdtempSync(path.join(tmpdir(), 'sightline-home-'));
  private readonly database = `sql:${path.join(this.home, '.pki', 'nssdb')}`;

  /** Makes an empty one; it goes with the stage. */
  constructor(stage: Stage) {
    stage.own({
      name: this.home,
      close: () => rmSync(this.home, { recursive: true, force: true }),
    });
    mkdirSync(path.join(this.home, '.pki', 'nssdb'), { recursive: true });
    this.certutil('-N', '--empty-password');
  }

  /**
   * Trusts a root for servers, and for nothing else. Browsers that run already do not look again.
   *
   * @param file - the certificate as PEM.
   */
  trust(file: string): void {
    this.certutil('-A', '-n', 'sightline', '-t', 'C,,', '-i', file);
  }

  /** A Chromium that lives in this home. */
  chromium(executable: string): string {
    const file = path.join(this.home, 'chromium');
    // Both would lead past the home folder.
    const unset = 'unset XDG_CONFIG_HOME XDG_DATA_HOME';
    writeFileSync(
      file,
      `#!/bin/sh\n${unset}\nexport HOME='${this.home}'\nexec '${executable}' "$@"\n`,
    );
    chmodSync(file, 0o755);
    return file;
  }

  private certutil(...args: string[]): void {
    const program = findProgram('certutil');
    if (program === undefined) {
      throw new Error('The program certutil is missing: install libnss3-tools.');
    }
    execFileSync(program, ['-d', this.database, ...args], { stdio: 'pipe' });
  }
}
