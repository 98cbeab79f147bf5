import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { build } from 'vite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pageBuild } from './pages';
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

describe.each(['index.html', 'stream.html', 'mobile-stream.html', 'trust.html'])('%s', (page) => {
  it('holds nothing that a strict Content-Security-Policy would block', async () => {
    const html = (await read(page)).toString('utf8');
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/u);
    for (const [script] of html.matchAll(/<script[^>]*>/gu)) expect(script).toMatch(/\ssrc=/u);
  });
});

const outputSchema = v.object({
  output: v.array(
    v.variant('type', [
      v.object({
        type: v.literal('chunk'),
        code: v.string(),
        fileName: v.string(),
        isEntry: v.boolean(),
        imports: v.array(v.string()),
      }),
      v.object({ type: v.literal('asset'), source: v.string() }),
    ]),
  ),
});

/** Bytes of a page, gzipped file by file as it is sent. */
interface PageSize {
  /** Of what has to be there before anything works: the page, its style, its script and imports. */
  readonly first: number;
  /** Of what is fetched later besides: when the page has loaded, or when it is needed. */
  readonly later: number;
}

async function sizeOf(page: string): Promise<PageSize> {
  // Otherwise Vue brings what it needs for development.
  vi.stubEnv('NODE_ENV', 'production');
  const config = pageBuild(page, { outDir: 'unused', emptyOutDir: false });
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ...config,
    build: { ...config.build, write: false },
  });
  const { output } = v.parse(outputSchema, built);
  const chunks = output.filter((file) => file.type === 'chunk');
  const first = new Set(chunks.filter(({ isEntry }) => isEntry));
  // A set also walks what is added on the way: imports of imports.
  for (const { imports } of first) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
  }
  const size = { first: 0, later: 0 };
  for (const file of output) {
    const isFirst = file.type === 'asset' || first.has(file);
    const text = file.type === 'asset' ? file.source : file.code;
    size[isFirst ? 'first' : 'later'] += gzipSync(text, { level: 9 }).byteLength;
  }
  return size;
}

describe('size', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

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
