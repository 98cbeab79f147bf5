import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import type { InlineConfig } from 'vite';
import { projectRoot, webDir } from './paths';

/** Vite builds that make up this part, run in order. */
export function consoleBuilds(): InlineConfig[] {
  return [
    {
      root: path.join(projectRoot, 'desktop/renderer'),
      base: '/live-streams/',
      plugins: [vue()],
      build: {
        outDir: path.join(webDir, 'live-streams'),
        // Its own folder only; the pages beside it stay.
        emptyOutDir: true,
        // Electron 25's Chromium, and the browsers of its time.
        target: ['chrome114', 'firefox115', 'safari16'],
        modulePreload: { polyfill: false },
      },
    },
  ];
}
