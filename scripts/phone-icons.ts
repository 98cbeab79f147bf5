/**
 * Makes the phone page's icons from `pwa/public/icons/icon.svg`: `npx tsx scripts/phone-icons.ts`.
 * Run it after changing the drawing and commit what it writes; builds only copy the files.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright';
import { projectRoot } from './build/paths';

const iconsDir = path.join(projectRoot, 'pwa', 'public', 'icons');
const rounded = await readFile(path.join(iconsDir, 'icon.svg'), 'utf8');
/** For systems that cut their own shape: iOS, and Android's masks. */
const square = rounded.replace(' rx="112"', '');

/** File name, edge in pixels, drawing, and the part of the edge that the drawing takes. */
const icons = [
  { name: 'icon-192.png', size: 192, svg: rounded, scale: 1 },
  { name: 'icon-512.png', size: 512, svg: rounded, scale: 1 },
  { name: 'apple-touch-icon.png', size: 180, svg: square, scale: 1 },
  // Masks may cut all but a circle of 80 % of the edge (W3C Manifest, "Icon masks and safe zone").
  { name: 'icon-maskable-512.png', size: 512, svg: square, scale: 0.86 },
];

const executablePath = process.env['SIGHTLINE_TEST_CHROMIUM'];
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
});
try {
  const page = await browser.newPage();
  for (const { name, size, svg, scale } of icons) {
    const edge = Math.round(size * scale);
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center;` +
        `background:${scale === 1 ? 'transparent' : 'linear-gradient(#252e3c,#0b0e13)'}}` +
        `svg{display:block;width:${edge}px;height:${edge}px}</style>` +
        (scale === 1 ? svg : svg.replace(/<rect[^>]*\/>/u, '')),
    );
    await page.screenshot({ path: path.join(iconsDir, name), omitBackground: true });
  }
} finally {
  await browser.close();
}
