import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import type { InlineConfig } from 'vite';
import { projectRoot, webDir } from './paths';
import { preloadLater } from './preload-later';

/** Where the server and the desktop app serve the console. */
const CONSOLE_BASE = '/live-streams/';

/** Vite builds that make up this part, run in order. */
export function consoleBuilds(): InlineConfig[] {
  return [
    {
      root: path.join(projectRoot, 'desktop/renderer'),
      base: CONSOLE_BASE,
      plugins: [vue(), preloadLater('/start-console.ts', CONSOLE_BASE)],
      // What Vue may leave out.
      define: {
        __VUE_OPTIONS_API__: 'false',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      },
      build: {
        outDir: path.join(webDir, 'live-streams'),
        // Its own folder only; the pages beside it stay.
        emptyOutDir: true,
        // Electron 25's Chromium, and the browsers of its time.
        target: ['chrome114', 'firefox115', 'safari16'],
        modulePreload: { polyfill: false },
        // The Content-Security-Policy allows files only.
        assetsInlineLimit: 0,
      },
    },
  ];
}
