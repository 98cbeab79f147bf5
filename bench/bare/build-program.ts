/** Builds a bare baseline the way the server is built, so that only what is in it differs. */
import path from 'node:path';
import { build } from 'vite';
import { projectRoot } from '../../scripts/build/paths';
import { serverBuild } from '../../scripts/build/server';

const outDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'bench');

/**
 * Builds a program of this folder into one file.
 *
 * @param name - of its source, without the extension
 * @returns path of the file
 */
export async function buildBareProgram(name: string): Promise<string> {
  const bundle = path.join(outDir, name, 'main.cjs');
  const config = serverBuild(bundle);
  const ssr = path.join(projectRoot, 'bench', 'bare', `${name}.ts`);
  await build({
    configFile: false,
    logLevel: 'warn',
    ...config,
    build: { ...config.build, ssr },
  });
  return bundle;
}
