/**
 * The server's folder on disk. Each file appears whole or not at all, and a file that must stay is
 * never replaced, not even by another server that starts at the same moment.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { codeOf, reasonOf, TlsError } from './tls-error';

/** Only this user may read a file, or enter a folder. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const PUBLIC_FILE = 0o644;

/** The machine's conventions for where a program keeps its data. */
export interface DataFolderFacts {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where data goes by default: the user's own data folder, as the platform has it. */
export function defaultDataDir({ platform, homeDir, environment }: DataFolderFacts): string {
  if (platform === 'darwin') {
    return path.posix.join(homeDir, 'Library', 'Application Support', 'Sightline');
  }
  if (platform === 'win32') {
    const roaming = environment['APPDATA'];
    return path.win32.join(
      isSet(roaming) ? roaming : path.win32.join(homeDir, 'AppData', 'Roaming'),
      'Sightline',
    );
  }
  // XDG Base Directory Specification: a relative path there is invalid and to be ignored.
  const dataHome = environment['XDG_DATA_HOME'];
  return path.posix.join(
    isSet(dataHome) && path.posix.isAbsolute(dataHome)
      ? dataHome
      : path.posix.join(homeDir, '.local', 'share'),
    'sightline',
  );
}

/** See the head of this file. All calls are synchronous: the files are tiny, and few. */
export class DataFolder {
  readonly path: string;

  /**
   * Opens the folder, making it if it is not there.
   * @throws TlsError when it cannot be made
   */
  constructor(folder: string) {
    this.path = folder;
    try {
      mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    } catch (error) {
      // `mkdir` reports a file in the folder's place as "exists".
      const reason = codeOf(error) === 'EEXIST' ? 'there is a file in its place' : reasonOf(error);
      throw new TlsError(
        `The folder ${folder} cannot be used: ${reason}. Choose another with --data-dir.`,
        error,
      );
    }
  }

  /** Full path of a file in it. */
  pathOf(name: string): string {
    return path.join(this.path, name);
  }

  /**
   * Reads a file; undefined when there is none.
   * @throws TlsError when it is there and cannot be read
   */
  read(name: string): string | undefined {
    try {
      return readFileSync(this.pathOf(name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new TlsError(
        `${this.pathOf(name)} cannot be read: ${reasonOf(error)}. ` +
          'Make it readable, or choose another folder with --data-dir.',
        error,
      );
    }
  }

  /**
   * Writes a file unless there is one, and returns what is there afterwards.
   * @throws TlsError when it cannot be written
   */
  createOnce(name: string, content: string, { isPrivate }: { isPrivate: boolean }): string {
    try {
      this.#write(name, content, isPrivate, (temporary, file) => {
        try {
          placeOnce(temporary, file);
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
        }
      });
    } catch (error) {
      throw new TlsError(
        `${this.pathOf(name)} cannot be written: ${reasonOf(error)}. ` +
          'Make the folder writable, or choose another with --data-dir.',
        error,
      );
    }
    return this.read(name) ?? content;
  }

  /**
   * Writes a file over the one that may be there; anybody may read it unless it is private.
   * @throws Error of the system when it cannot be written; the old file is then untouched
   */
  replace(
    name: string,
    content: string,
    { isPrivate = false }: { isPrivate?: boolean } = {},
  ): void {
    this.#write(name, content, isPrivate, renameSync);
  }

  /**
   * Gives a file another name.
   * @throws TlsError when that cannot be done
   */
  moveAside(name: string, other: string): void {
    try {
      renameSync(this.pathOf(name), this.pathOf(other));
    } catch (error) {
      throw new TlsError(
        `${this.pathOf(name)} is broken and cannot be moved aside: ${reasonOf(error)}. ` +
          'Make the folder writable, or choose another with --data-dir.',
        error,
      );
    }
  }

  /** Makes a file this user's own if others may read it; tells whether that was so. */
  makePrivate(name: string): boolean {
    // Windows keeps no such mode; there the user's own folder is what protects the file.
    if (process.platform === 'win32') return false;
    if ((statSync(this.pathOf(name)).mode & 0o077) === 0) return false;
    chmodSync(this.pathOf(name), PRIVATE_FILE);
    return true;
  }

  #write(
    name: string,
    content: string,
    isPrivate: boolean,
    place: (temporary: string, file: string) => void,
  ): void {
    const file = this.pathOf(name);
    const temporary = `${file}.${randomBytes(6).toString('hex')}.new`;
    try {
      const handle = openSync(temporary, 'wx', isPrivate ? PRIVATE_FILE : PUBLIC_FILE);
      try {
        // Unlike `writeSync`, it does not stop in the middle where the disk is nearly full.
        writeFileSync(handle, content);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      place(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  }
}

/** Unlike a rename, a link fails when the name is taken; not every disk knows links. */
function placeOnce(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    copyFileSync(temporary, file, constants.COPYFILE_EXCL);
  }
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
