import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import type { InlineConfig, Plugin } from 'vite';
import { injectManifest } from 'workbox-build';
import { projectRoot, webDir } from './paths';
import { plainPrivateNames } from './plain-private-names';

const pagesRoot = path.join(projectRoot, 'pwa');

/** Where the service worker lies before its list of files is put in. */
const workerDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'service-worker');

/** Phones stay in use for long: the oldest browsers that both carry WebRTC well and are still met. */
const oldestBrowsers = ['safari14', 'chrome87', 'firefox78'];

/**
 * What all of those speak. By their names Vite would also rewrite optional chaining, for a bug of
 * theirs with spread arguments behind it, which is not written here.
 */
const language = 'es2020';

/**
 * Vite builds that make up this part, run in order. Each page is a build of its own, so that the
 * light page shares nothing with the one that carries a framework, and so that the service
 * worker's files can be told by their names. The first empties the folder, the last reads it.
 * @param outDir where they go.
 */
export function pagesBuilds(outDir = webDir): InlineConfig[] {
  return [
    pageBuild('index', { outDir, emptyOutDir: true }),
    pageBuild('stream', { outDir, emptyOutDir: false }),
    pageBuild('mobile-stream', { outDir, emptyOutDir: false }),
    pageBuild('trust', { outDir, emptyOutDir: false }),
    serviceWorkerBuild(outDir),
  ];
}

/** One page, its script and its style. */
export function pageBuild(
  page: string,
  { outDir, emptyOutDir }: { outDir: string; emptyOutDir: boolean },
): InlineConfig {
  const name = `assets/${page}-[hash]`;
  return {
    root: pagesRoot,
    publicDir: emptyOutDir ? path.join(pagesRoot, 'public') : false,
    plugins: [vue(), plainPrivateNames(language), plainImports(), withoutIndentation()],
    define: vueFlags,
    build: {
      target: language,
      cssTarget: oldestBrowsers,
      outDir,
      emptyOutDir,
      // The Content-Security-Policy allows files only.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: path.join(pagesRoot, `${page}.html`),
        output: {
          entryFileNames: `${name}.js`,
          chunkFileNames: `assets/${page}-[name]-[hash].js`,
          assetFileNames: `${name}[extname]`,
        },
      },
    },
  };
}

/**
 * Leaves `import()` to the browser. Vite wraps each in 1.4 kB of code that fetches its styles and
 * its own imports ahead; our later parts have no styles, and import only what is there already.
 */
function plainImports(): Plugin {
  return {
    name: 'sightline:plain-imports',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (id !== '\0vite/preload-helper.js') return null;
      return 'export const __vitePreload = (load) => load();';
    },
  };
}

/** Leaves out what only makes a page's source readable; no text of ours depends on it. */
function withoutIndentation(): Plugin {
  return {
    name: 'sightline:without-indentation',
    transformIndexHtml: { order: 'post', handler: (html) => html.replaceAll(/\n\s+/gu, '\n') },
  };
}

/** What Vue may leave out. */
const vueFlags = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
};

function serviceWorkerBuild(outDir: string): InlineConfig {
  return {
    root: pagesRoot,
    publicDir: false,
    plugins: [injectPrecacheManifest(outDir)],
    // Workbox asks it to leave its development messages out.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: language,
      outDir: workerDir,
      emptyOutDir: true,
      reportCompressedSize: false,
      lib: {
        entry: path.join(pagesRoot, 'service-worker', 'service-worker.ts'),
        formats: ['iife'],
        name: 'sightlineServiceWorker',
        fileName: () => 'sw.js',
      },
    },
  };
}

/** Writes `sw.js` with the list of the shell's files, once all of them are there. */
function injectPrecacheManifest(webFolder: string): Plugin {
  return {
    name: 'sightline:precache-manifest',
    apply: 'build',
    async closeBundle() {
      const { warnings } = await injectManifest({
        swSrc: path.join(workerDir, 'sw.js'),
        swDest: path.join(webFolder, 'sw.js'),
        globDirectory: webFolder,
        globPatterns: [
          'stream.html',
          'assets/stream-*',
          'manifest.webmanifest',
          'icons/*.{png,svg}',
        ],
        // Their names change with their content, so they need no revision beside it.
        dontCacheBustURLsMatching: /^assets\//u,
        manifestTransforms: [
          (entries) => ({
            // Addressed as people do: the server may treat `/stream.html` differently.
            manifest: entries.map((entry) => ({
              ...entry,
              url: entry.url === 'stream.html' ? '/stream' : `/${entry.url}`,
            })),
          }),
        ],
      });
      for (const warning of warnings) this.warn(warning);
    },
  };
}
