import path from 'node:path';
import type { InlineConfig } from 'vite';
import { compressPagesAfterwards } from './compress-pages';
import { projectRoot, serverBundle, webDir } from './paths';

/** Vite builds that make up this part, run in order, after those of the pages it serves. */
export function serverBuilds(): InlineConfig[] {
  return [{ ...serverBuild(serverBundle), plugins: [compressPagesAfterwards(webDir)] }];
}

/**
 * The server and all it uses in one CommonJS file that needs nothing but Node: headless on Node
 * 20, and inside Electron 25, whose Node is 18.
 * @param bundle - where the file goes
 */
export function serverBuild(bundle: string): InlineConfig {
  return {
    root: projectRoot,
    publicDir: false,
    // Without native add-ons `ws` uses its own code; this takes the attempt to load them out.
    define: {
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: path.join(projectRoot, 'signal/server/main.ts'),
      target: 'node18',
      outDir: path.dirname(bundle),
      emptyOutDir: true,
      minify: true,
      sourcemap: false,
      rolldownOptions: {
        output: {
          format: 'cjs',
          entryFileNames: path.basename(bundle),
          codeSplitting: false,
        },
      },
    },
  };
}
