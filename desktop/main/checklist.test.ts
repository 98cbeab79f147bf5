/**
 * The points of Electron's security checklist that are about what our code leaves alone. What it
 * does is tested beside it, and on the running application in `e2e/desktop-security.e2e.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CONSOLE_URL, webPreferences } from './security';

const root = path.join(import.meta.dirname, '..', '..');

const sources = ['desktop/main', 'desktop/preload', 'desktop/bridge'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => ({
      name: path.join(folder, name),
      text: withoutComments(readFileSync(path.join(root, folder, name), 'utf8')),
    })),
);

const manifestSchema = v.object({ devDependencies: v.object({ electron: v.string() }) });

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gmu, '');
}

/** Names of the sources that hold something. */
function whoHas(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

describe("Electron's checklist", () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(30);
  });

  it('loads its page from the application and nothing from elsewhere', () => {
    expect(CONSOLE_URL).toMatch(/^app:\/\//u);
    expect(whoHas(/\.loadURL\(/u)).toEqual(['desktop/main/window.ts']);
    const html = readFileSync(path.join(root, 'desktop/renderer/index.html'), 'utf8');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
  });

  it('serves no page from the file system as such', () => {
    expect(whoHas(/\.loadFile\(|['"`]file:|registerFileProtocol|webContents\.loadURL/u)).toEqual(
      [],
    );
  });

  it('switches nothing on that Chromium has off', () => {
    expect(whoHas(/enableBlinkFeatures|enable-features|enable-blink-features/u)).toEqual([]);
    expect(Object.keys(webPreferences)).not.toContain('enableBlinkFeatures');
  });

  it('opens nothing outside of itself', () => {
    expect(whoHas(/openExternal|openPath|\bshell\b/u)).toEqual([]);
  });

  it('never accepts a certificate unseen', () => {
    expect(whoHas(/ignore-certificate-errors|NODE_TLS_REJECT_UNAUTHORIZED/u)).toEqual([]);
    // Judging a chain of our own roots needs to see it first; see the head of that file.
    expect(whoHas(/rejectUnauthorized: false/u)).toEqual(['desktop/main/trust/secure-look.ts']);
  });

  it('touches `ipcMain` in one place, and `ipcRenderer` in one', () => {
    expect(whoHas(/\bipcMain\./u)).toEqual(['desktop/main/ipc.ts']);
    expect(whoHas(/\bipcRenderer\./u)).toEqual(['desktop/preload/preload.ts']);
  });

  it('ships the Electron that it is developed with, pinned', () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
    const { electron } = v.parse(manifestSchema, read('package.json')).devDependencies;
    const installed = v.parse(
      v.object({ version: v.string() }),
      read('node_modules/electron/package.json'),
    );
    expect(electron).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(installed.version).toBe(electron);
    // Only the last three majors get security fixes; 45 was the current one when this was written.
    expect(Number(electron.split('.')[0])).toBeGreaterThanOrEqual(45);
  });
});
