/** Electron's two bundles and the window's icon. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import { desktopDir, projectRoot } from './paths';

/** Vite builds that make up this part, run in order. */
export function desktopBuilds(): InlineConfig[] {
  return [
    bundle('desktop/main/main.ts', 'main.cjs'),
    bundle('desktop/preload/preload.ts', 'preload.cjs'),
  ];
}

/**
 * One file of CommonJS with everything in it but Electron and Node's own modules: a sandboxed
 * preload script can load no other, and the package then needs no `node_modules`.
 */
function bundle(entry: string, fileName: string): InlineConfig {
  return {
    root: projectRoot,
    publicDir: false,
    plugins: fileName === 'main.cjs' ? [windowIcon()] : [],
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: path.join(projectRoot, entry),
      outDir: desktopDir,
      emptyOutDir: false,
      // Node 18 is in the oldest Electron that this runs in.
      target: 'node18',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: fileName },
      },
    },
  };
}

/** Linux shows the icon that the window names; the other systems take it from the package. */
function windowIcon(): Plugin {
  return {
    name: 'sightline:window-icon',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'icon.png',
        source: readFileSync(path.join(projectRoot, 'desktop', 'icons', 'png', '256x256.png')),
      });
    },
  };
}
