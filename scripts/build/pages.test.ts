import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageBuild } from './pages';
import { projectRoot } from './paths';
import { buildInMemory, gzippedBytes } from './testing/built';

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

describe.each(['index.html', 'stream.html', 'mobile-stream.html', 'trust.html'])('%s', (page) => {
  it('holds nothing that a strict Content-Security-Policy would block', async () => {
    const html = (await read(page)).toString('utf8');
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/u);
    for (const [script] of html.matchAll(/<script[^>]*>/gu)) expect(script).toMatch(/\ssrc=/u);
  });
});

/** Bytes of a page, gzipped file by file as it is sent. */
interface PageSize {
  /** Of what has to be there before anything works: the page, its style, its script and imports. */
  readonly first: number;
  /** Of what is fetched later besides: when the page has loaded, or when it is needed. */
  readonly later: number;
}

async function sizeOf(page: string): Promise<PageSize> {
  const { chunks, assets, first } = await buildInMemory(
    pageBuild(page, { outDir: 'unused', emptyOutDir: false }),
  );
  const later = chunks.filter((chunk) => !first.has(chunk));
  return {
    first: gzippedBytes([
      ...assets.map(({ source }) => source),
      ...[...first].map(({ code }) => code),
    ]),
    later: gzippedBytes(later.map(({ code }) => code)),
  };
}

describe('size', () => {
  beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    // Later: problems in words, the watch over an interrupted camera, pictures for the lobby, and
    // whatever the control room asks of a phone that is live.
    ['mobile-stream', 20_000, 14_500],
    ['trust', 20_000, 0],
    ['stream', 80_000, 14_500],
  ])(
    'of %s stays under %d bytes gzipped, and under %d later',
    { timeout: 60_000 },
    async (page, first, later) => {
      const size = await sizeOf(page);
      expect(size.first).toBeLessThan(first);
      expect(size.later).toBeLessThanOrEqual(later);
    },
  );
});
