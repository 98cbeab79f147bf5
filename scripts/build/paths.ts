import path from 'node:path';

/** The project's folder. */
export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** Everything that is built. */
export const distDir = path.join(projectRoot, 'dist');

/** Pages served to phones and browsers; the console's lies in its `live-streams` folder. */
export const webDir = path.join(distDir, 'web');

/** The server's single file, the same headless and inside Electron. */
export const serverBundle = path.join(distDir, 'server', 'main.cjs');

/** Electron's main and preload bundles. */
export const desktopDir = path.join(distDir, 'desktop');
