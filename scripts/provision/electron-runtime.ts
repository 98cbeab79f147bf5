/** What an unpacked Electron is made of. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where a whole Electron lies, and which version it is. */
export interface ElectronRuntime {
  /** Folder to name in `ELECTRON_OVERRIDE_DIST_PATH` and in electron-builder's `electronDist`. */
  distPath: string;
  version: string;
}

/** The program to start. */
export function executableOf({ distPath }: Pick<ElectronRuntime, 'distPath'>): string {
  if (process.platform === 'darwin')
    return path.join(distPath, 'Electron.app/Contents/MacOS/Electron');
  return path.join(distPath, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Runtime in a folder; undefined when there is no whole one. */
export async function runtimeAt(distPath: string): Promise<ElectronRuntime | undefined> {
  if (!existsSync(executableOf({ distPath }))) return undefined;
  const version = await readFile(path.join(distPath, 'version'), 'utf8').catch(() => '');
  if (version === '') return undefined;
  return { distPath, version: version.trim().replace(/^v/u, '') };
}
