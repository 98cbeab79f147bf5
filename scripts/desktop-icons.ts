/**
 * Makes the desktop's icons from `desktop/icons/icon.svg`: `npx tsx scripts/desktop-icons.ts`. Run it after
 * changing the drawing and commit what it writes; builds only copy the files.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright';
import { BICUBIC2, createICNS, createICO } from 'png2icons';
import { projectRoot } from './build/paths';

/** Sizes that Linux desktops look for, in pixels. */
const PNG_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

const iconsDir = path.join(projectRoot, 'desktop', 'icons');

const svg = await readFile(path.join(iconsDir, 'icon.svg'), 'utf8');
await mkdir(path.join(iconsDir, 'png'), { recursive: true });

const executablePath = process.env['SIGHTLINE_TEST_CHROMIUM'];
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
});
try {
  const page = await browser.newPage();
  for (const size of PNG_SIZES) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
    );
    await page.screenshot({ path: pngOf(size), omitBackground: true });
  }
} finally {
  await browser.close();
}

const largest = await readFile(pngOf(1024));
await writeEncoded('icon.icns', createICNS(largest, BICUBIC2, 0));
await writeEncoded('icon.ico', createICO(largest, BICUBIC2, 0, false, true));

function pngOf(size: number): string {
  return path.join(iconsDir, 'png', `${size}x${size}.png`);
}

async function writeEncoded(name: string, content: Buffer | null): Promise<void> {
  if (content === null) throw new Error(`${name} could not be encoded.`);
  await writeFile(path.join(iconsDir, name), content);
}
