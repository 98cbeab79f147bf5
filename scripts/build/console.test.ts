import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consoleBuilds } from './console';

/** Of the part that connects, gzipped: it has to be small, or it connects no earlier than all. */
const FIRST_BYTES = 20_000;

const outputSchema = v.object({
  output: v.array(
    v.variant('type', [
      v.object({
        type: v.literal('chunk'),
        code: v.string(),
        fileName: v.string(),
        isEntry: v.boolean(),
        isDynamicEntry: v.boolean(),
        imports: v.array(v.string()),
        name: v.string(),
      }),
      v.object({ type: v.literal('asset'), fileName: v.string(), source: v.unknown() }),
    ]),
  ),
});

async function buildConsole() {
  const [config] = consoleBuilds();
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ...config,
    build: { ...config?.build, write: false },
  });
  const { output } = v.parse(outputSchema, built);
  const chunks = output.filter((file) => file.type === 'chunk');
  const assets = output.filter((file) => file.type === 'asset');
  const html = assets.find(({ fileName }) => fileName === 'index.html')?.source;
  return { chunks, assets, html: String(html) };
}

describe('the console', () => {
  // Otherwise Vue brings what it needs for development.
  beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
  afterEach(() => void vi.unstubAllEnvs());

  it(
    'connects by a small first part, and fetches the rest meanwhile',
    { timeout: 60_000 },
    async () => {
      const { chunks, assets, html } = await buildConsole();
      const first = new Set(chunks.filter(({ isEntry }) => isEntry));
      // A set also walks what is added on the way: imports of imports.
      for (const { imports } of first) {
        for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
      }
      const bytes = [...first].map(({ code }) => gzipSync(code, { level: 9 }).byteLength);
      expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_BYTES);

      const rest = chunks.find(({ name }) => name === 'start-console');
      expect(html).toContain(`<link rel="modulepreload" href="/live-streams/${rest?.fileName}"`);
      const style = assets.find(({ fileName }) => /start-console.*[.]css$/u.test(fileName));
      expect(html).toContain(
        `<link rel="preload" as="style" href="/live-streams/${style?.fileName}"`,
      );
    },
  );
});
