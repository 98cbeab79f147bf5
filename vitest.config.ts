import vue from '@vitejs/plugin-vue';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

/** Set by `npm test` to the Chromium it found or installed. */
const chromium = process.env['SIGHTLINE_TEST_CHROMIUM'];

const endToEnd = { environment: 'node', testTimeout: 90_000, hookTimeout: 90_000 } as const;

/** What counts pictures or times, or fills the machine: each of them has it to itself. */
const MEASURING = [
  'bench/**/*.e2e.ts',
  'e2e/faults/**/*.e2e.ts',
  ...[
    'alerts',
    'desktop-control',
    'firefox-quality',
    'full-picture',
    'full-wall',
    'hostile',
    'latency',
    'quality-follows',
    'recovery',
    'recovery-network',
    'squeeze',
    'telemetry-lies',
    'wall',
  ].map((name) => `e2e/${name}.e2e.ts`),
];

export default defineConfig({
  plugins: [vue()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{signal,desktop,pwa,scripts,bench}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/*.dom.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'happy-dom',
          // These tests wait for no time; the limit is there for what hangs. A whole console takes up
          // to a second to render, and several on a machine that is busy with everything else.
          testTimeout: 30_000,
          include: ['{signal,desktop,pwa}/**/*.dom.test.ts'],
        },
      },
      {
        extends: true,
        // Found only while a test runs, they would reload its page in the middle of it.
        optimizeDeps: { include: ['axe-core', 'idb', 'nanoevents', 'uplot', 'valibot'] },
        test: {
          name: 'browser',
          include: ['{signal,desktop,pwa}/**/*.browser.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(chromium === undefined ? {} : { executablePath: chromium }),
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--disable-quic',
                  '--use-fake-device-for-media-stream',
                  '--use-fake-ui-for-media-stream',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          ...endToEnd,
          name: 'e2e',
          include: ['e2e/*.e2e.ts'],
          exclude: MEASURING,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...endToEnd,
          name: 'e2e (alone)',
          include: MEASURING,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
