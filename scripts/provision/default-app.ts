/**
 * Stands in for Electron's own `default_app` in the test runtime, which comes from a packaged
 * application and therefore has none. It does what `electron [-r FILE] FOLDER` needs: load the
 * modules asked for first (Playwright passes its loader that way), give the app the name, version
 * and path of its folder, and run the folder's main module.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { app } from 'electron';

const given = readArguments(process.argv.slice(1));
const place = path.resolve(given.target);
const folder = statSync(place).isDirectory() ? place : path.dirname(place);
const load = createRequire(path.join(folder, 'package.json'));

if (place === folder) nameApp(folder);
// Electron itself sets this; Playwright and applications read it to know they are not packaged.
Object.defineProperty(process, 'defaultApp', { value: true });
for (const preloaded of given.preload) load(path.resolve(preloaded));
load(place);

/** The first argument that is no switch is the app; only `-r FILE` before it takes a value. */
function readArguments(args: string[]): { preload: string[]; target: string } {
  const preload: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '-r' || argument === '--require') {
      index += 1;
      preload.push(args[index] ?? '');
    } else if (!argument.startsWith('-')) {
      return { preload, target: argument };
    }
  }
  process.stderr.write('Name the folder of the app to run.\n');
  process.exit(2);
}

function nameApp(appFolder: string): void {
  const facts: unknown = JSON.parse(readFileSync(path.join(appFolder, 'package.json'), 'utf8'));
  const name = textOf(facts, 'productName') ?? textOf(facts, 'name');
  const version = textOf(facts, 'version');
  if (name !== undefined) app.setName(name);
  if (version !== undefined) setByElectron('setVersion', version);
  setByElectron('setAppPath', appFolder);
}

/** `setVersion` and `setAppPath` exist for Electron's own default app and are in no typing. */
function setByElectron(method: 'setVersion' | 'setAppPath', value: string): void {
  const call: unknown = Reflect.get(app, method);
  if (typeof call === 'function') Reflect.apply(call, app, [value]);
}

function textOf(facts: unknown, key: string): string | undefined {
  if (typeof facts !== 'object' || facts === null) return undefined;
  const value: unknown = Reflect.get(facts, key);
  return typeof value === 'string' ? value : undefined;
}
