/**
 * Real browsers as phones and desks: one Chromium process tree each, so that one can be killed or
 * starved without the others noticing.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright';
import { CHROMIUM_VARIABLE, findChromium } from '../../scripts/provision/chromium';
import { installPageProbe } from './page-probe';
import type { Stage } from './stage';
import { VIDEO_CODE } from './video-code';

/**
 * Flags of every browser here. Root has no Chromium sandbox, there is no GPU, and nothing may call
 * home. Playwright sets `--disable-features` itself and the last one wins, so none is set here.
 */
const COMMON_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a browser is started. */
export interface BrowserSettings {
  /** What evidence calls it. */
  name: string;
  flags?: string[];
  /** Another executable than Chromium's own, such as one that enters a network namespace first. */
  executable?: string;
  context?: BrowserContextOptions;
}

/** A browser process of its own with one context. */
export interface TestBrowser {
  browser: Browser;
  context: BrowserContext;
  recorder: PageRecorder;
  /** Ends every process of it at once, without a word to any server. */
  kill(): Promise<void>;
}

/** The Chromium that tests use, found and never installed here. */
export function chromiumExecutable(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  throw new Error(`There is no Chromium: run npm test, or set ${CHROMIUM_VARIABLE} to one.`);
}

/** Starts a browser that ends with the stage; its pages carry the probe. */
export async function openBrowser(stage: Stage, settings: BrowserSettings): Promise<TestBrowser> {
  const server = await chromium.launchServer({
    executablePath: settings.executable ?? chromiumExecutable(),
    args: [...COMMON_FLAGS, ...(settings.flags ?? [])],
    env: stage.environment,
  });
  let isKilled = false;
  const recorder = new PageRecorder();
  stage.own({
    name: settings.name,
    close: () => (isKilled ? undefined : server.close()),
    keepEvidence: (folder) => recorder.keepEvidence(folder, settings.name),
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const context = await browser.newContext(settings.context ?? {});
  // Scripts run by tsx carry calls of its helper for function names into pages.
  await context.addInitScript('globalThis.__name ??= (named) => named;');
  await context.addInitScript(installPageProbe, VIDEO_CODE);
  context.on('page', (page) => recorder.record(page));
  const kill = async () => {
    isKilled = true;
    await server.kill();
  };
  return { browser, context, recorder, kill };
}

/** Collects what pages print, for evidence and for tests that allow no errors. */
export class PageRecorder {
  private readonly pages: Page[] = [];
  private readonly lines: string[] = [];

  /** Listens to a page until it closes. */
  record(page: Page): void {
    const name = `page${this.pages.push(page)}`;
    page.on('console', (message) => {
      this.lines.push(`${name} ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => {
      this.lines.push(`${name} uncaught: ${error.stack ?? error.message}`);
    });
  }

  /** Errors that pages printed or did not catch. */
  errors(): string[] {
    return this.lines.filter((line) => /^\S+ (?:error|uncaught):/u.test(line));
  }

  /** Writes a picture and the document of each open page, and all that was printed. */
  async keepEvidence(folder: string, name: string): Promise<void> {
    await writeFile(path.join(folder, `${name}.console.log`), this.lines.join('\n'));
    for (const [index, page] of this.pages.entries()) {
      if (page.isClosed()) continue;
      const file = path.join(folder, `${name}-${index + 1}`);
      await page.screenshot({ path: `${file}.png`, timeout: 5_000 });
      await writeFile(`${file}.html`, await page.content());
    }
  }
}
