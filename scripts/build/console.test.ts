import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consoleBuilds } from './console';
import { buildInMemory, gzippedBytes } from './testing/built';

/** Of the part that connects, gzipped: it has to be small, or it connects no earlier than all. */
const FIRST_BYTES = 20_000;

describe('the console', () => {
  beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
  afterEach(() => void vi.unstubAllEnvs());

  it(
    'connects by a small first part, and fetches the rest meanwhile',
    { timeout: 60_000 },
    async () => {
      const [config] = consoleBuilds();
      const { chunks, assets, first } = await buildInMemory(config);
      expect(gzippedBytes([...first].map(({ code }) => code))).toBeLessThan(FIRST_BYTES);

      const html = String(assets.find(({ fileName }) => fileName === 'index.html')?.source);
      const rest = chunks.find(({ name }) => name === 'start-console');
      expect(html).toContain(`<link rel="modulepreload" href="/live-streams/${rest?.fileName}"`);
      const style = assets.find(({ fileName }) => /start-console.*[.]css$/u.test(fileName));
      expect(html).toContain(
        `<link rel="preload" as="style" href="/live-streams/${style?.fileName}"`,
      );
    },
  );
});
