/**
 * Records the statistics that tests of the sampling run on: one call in each browser there is,
 * `getStats` of both ends, into `signal/rtc/fixtures/`. Runs alone, and rarely: after a new browser,
 * or when an entry is read that was trimmed before. `npx tsx e2e/measure/record-stats.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright';
import { projectRoot } from '../../scripts/build/paths';
import { CHROMIUM_VARIABLE, provisionChromium } from '../../scripts/provision/chromium';
import { startDisplay } from '../../scripts/provision/display';
import { provisionElectron } from '../../scripts/provision/electron';
import { openBrowser } from '../harness/browsers';
import { openFirefox } from '../harness/firefox';
import { Stage } from '../harness/stage';
import { recordCall, type RecordedCall, type RecordedReport } from './stats-call';

const fixtures = path.join(projectRoot, 'signal', 'rtc', 'fixtures');
const FAKE_MEDIA = ['--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream'];

/** Entries that sampling reads; candidates are kept where a pair names them. */
const READ_TYPES = new Set([
  'inbound-rtp',
  'outbound-rtp',
  'remote-inbound-rtp',
  'media-source',
  'codec',
  'transport',
  'candidate-pair',
  'local-candidate',
  'remote-candidate',
]);

process.env[CHROMIUM_VARIABLE] ??= await provisionChromium();
const electron = await provisionElectron();
const display = await startDisplay();
Object.assign(process.env, display.environment);
const stage = new Stage();
const url = await servePage(stage);
try {
  await keep('chromium', await inChromium());
  await keep('electron', await inElectron());
  await keep('firefox', await inFirefox());
} finally {
  await stage.close();
  await display.close();
}

interface Recording {
  browser: string;
  call: RecordedCall;
}

async function inChromium(): Promise<Recording> {
  const { browser, context } = await openBrowser(stage, { name: 'chromium', flags: FAKE_MEDIA });
  const page = await context.newPage();
  await page.goto(url);
  return { browser: `Chromium ${browser.version()}`, call: await page.evaluate(recordCall) };
}

async function inElectron(): Promise<Recording> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-record-'));
  stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
  const main = path.join(folder, 'main.cjs');
  await writeFile(
    main,
    `const { app, BrowserWindow } = require('electron');
     app.whenReady().then(() => new BrowserWindow().loadURL(${JSON.stringify(url)}));`,
  );
  const app = await _electron.launch({
    executablePath: path.join(electron.distPath, 'electron'),
    args: [main, '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`, ...FAKE_MEDIA],
    env: stage.environment,
  });
  stage.own({ name: 'electron', close: () => app.close() });
  const page = await app.firstWindow();
  await page.waitForLoadState();
  await page.evaluate('globalThis.__name ??= (named) => named;');
  const versions = await app.evaluate(() => process.versions);
  const browser = `Electron ${electron.version} (Chrome ${versions.chrome})`;
  return { browser, call: await page.evaluate(recordCall) };
}

async function inFirefox(): Promise<Recording> {
  const firefox = await openFirefox(stage, { name: 'firefox' });
  const { page } = await firefox.open(url);
  const browser = await page.evaluate(() => /Firefox\/\d+/u.exec(navigator.userAgent)?.[0]);
  return {
    browser: browser?.replace('/', ' ') ?? 'Firefox',
    call: await page.evaluate(recordCall),
  };
}

async function keep(name: string, { browser, call }: Recording): Promise<void> {
  for (const end of ['viewer', 'phone'] as const) {
    const { moving, stopped } = call[end];
    const content = {
      recordedWith: `${browser}, Debian`,
      moving: moving.map(trimmed),
      stopped: stopped.map(trimmed),
    };
    const file = path.join(fixtures, `${name}-${end}.json`);
    await writeFile(file, `${JSON.stringify(content, undefined, 1)}\n`);
    console.log(`${file}: ${browser}`);
  }
}

/** Only what is read, without a true address (RFC 5737 and RFC 3849 are for examples). */
function trimmed({ takenAt, entries }: RecordedReport): RecordedReport {
  const byId = new Map(entries.map((entry) => [entry['id'], entry]));
  const transport = entries.find((entry) => entry['type'] === 'transport');
  const named = byId.get(transport?.['selectedCandidatePairId']);
  const pair =
    named ?? entries.find((entry) => entry['type'] === 'candidate-pair' && entry['selected']);
  const used = new Set([pair?.['id'], pair?.['localCandidateId'], pair?.['remoteCandidateId']]);
  const remote = byId.get(pair?.['remoteCandidateId']);
  const codecs = new Set(entries.map((entry) => entry['codecId']));
  const isRead = ({ id, type, address, port }: Record<string, unknown>): boolean => {
    // Firefox keeps a peer-reflexive candidate beside the one that was signaled for its address.
    const isSameAddress = address === remote?.['address'] && port === remote?.['port'];
    if (typeof type !== 'string' || !READ_TYPES.has(type)) return false;
    if (type === 'remote-candidate' && isSameAddress) return true;
    if (type.includes('candidate')) return used.has(id);
    return type !== 'codec' || codecs.has(id);
  };
  return { takenAt, entries: entries.filter(isRead).map(anonymous) };
}

function anonymous(entry: Record<string, unknown>): Record<string, unknown> {
  const hidden: Record<string, unknown> = {};
  for (const key of ['address', 'ip', 'relatedAddress']) {
    const value = entry[key];
    if (typeof value !== 'string' || value === '') continue;
    hidden[key] = value.includes(':') ? '2001:db8::2' : '192.0.2.2';
  }
  return { ...entry, ...hidden };
}

/** An empty page at an address that may use a camera. */
async function servePage(owner: Stage): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Call</title>');
  });
  owner.own({
    name: 'page server',
    close: () => new Promise<void>((done) => server.close(() => done())),
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}
