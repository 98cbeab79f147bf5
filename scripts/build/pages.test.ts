import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './paths';

const read = (file: string): Promise<Buffer> => readFile(path.join(projectRoot, 'pwa', file));

const manifestSchema = v.object({
  id: v.literal('/stream'),
  name: v.pipe(v.string(), v.minLength(1)),
  start_url: v.literal('/stream'),
  scope: v.literal('/'),
  display: v.literal('standalone'),
  icons: v.array(
    v.object({ src: v.string(), sizes: v.string(), type: v.string(), purpose: v.string() }),
  ),
});

describe('the manifest', () => {
  it('names icons that are there, in the sizes it says', async () => {
    const text = (await read('public/manifest.webmanifest')).toString('utf8');
    const { icons } = v.parse(manifestSchema, JSON.parse(text));
    const sizes = icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`);
    expect(sizes).toEqual(['192x192 any', '512x512 any', '512x512 maskable']);
    for (const { src, sizes: size } of icons) {
      const png = await read(`public${src}`);
      // PNG (RFC 2083), IHDR: width and height follow the signature and the chunk's head.
      expect(`${String(png.readUInt32BE(16))}x${String(png.readUInt32BE(20))}`).toBe(size);
    }
  });
});

describe.each(['index.html', 'stream.html', 'mobile-stream.html'])('%s', (page) => {
  it('holds nothing that a strict Content-Security-Policy would block', async () => {
    const html = (await read(page)).toString('utf8');
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/u);
    for (const [script] of html.matchAll(/<script[^>]*>/gu)) expect(script).toMatch(/\ssrc=/u);
  });
});
