/**
 * The system's own Firefox, as a phone or a desk: a process and a profile of its own, driven over
 * WebDriver BiDi.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { findFirefox } from '../../scripts/provision/firefox';
import { runBounded } from '../../scripts/provision/run-bounded';
import { installPageProbe } from './page-probe';
import type { Stage } from './stage';
import { until, type UntilOptions } from './until';
import { VIDEO_CODE } from './video-code';

/** A cold start on a very busy machine, in milliseconds. */
const START_TIMEOUT_MS = 60_000;

/**
 * Preferences over puppeteer's own, which keep Firefox quiet: a camera and a microphone that are
 * computed, given without a question, and nothing looked up elsewhere.
 */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // A codec that is downloaded after the start.
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'services.settings.server': 'data:,',
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.push.enabled': false,
};

/** A Firefox process. */
export class FirefoxBrowser {
  private readonly pages: FirefoxPage[] = [];

  constructor(private readonly browser: Browser) {}

  /** Opens an address in a tab of its own; the page carries the probe. */
  async open(url: string): Promise<FirefoxPage> {
    const page = await this.browser.newPage();
    const opened = new FirefoxPage(page);
    this.pages.push(opened);
    // Scripts run by Vitest carry calls of its helper for function names into pages.
    await page.evaluateOnNewDocument('globalThis.__name ??= (named) => named;');
    await page.evaluateOnNewDocument(installPageProbe, VIDEO_CODE);
    await page.goto(url, { timeout: START_TIMEOUT_MS });
    return opened;
  }

  /** Writes a picture and the text of each page, and all that was printed. */
  async keepEvidence(folder: string, name: string): Promise<void> {
    for (const [index, page] of this.pages.entries()) {
      await page.keepEvidence(path.join(folder, `${name}-${index + 1}`));
    }
  }
}

/** A page in Firefox, driven by its test hooks alone. */
export class FirefoxPage {
  private readonly lines: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => this.lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.lines.push(`uncaught: ${String(error)}`));
  }

  /** Clicks an element by its hook, as soon as it can be clicked. */
  async click(hook: string): Promise<void> {
    await this.page.locator(`[data-testid="${hook}"]`).click();
  }

  /** An attribute of the first element with a hook; null when one of the two is absent. */
  async attribute(hook: string, name: string): Promise<string | null> {
    return this.page.evaluate(
      (selector, attribute) => document.querySelector(selector)?.getAttribute(attribute) ?? null,
      `[data-testid="${hook}"]`,
      name,
    );
  }

  /** Waits for an attribute of the first element with a hook. */
  async untilAttribute(hook: string, name: string, value: string, options?: UntilOptions) {
    const look = () => this.attribute(hook, name);
    await until(`${hook} to have ${name} ${value}`, look, (seen) => seen === value, options);
  }

  /** Text of the first element with a hook; null when it is absent. */
  async text(hook: string): Promise<string | null> {
    return this.page.evaluate(
      (selector) => document.querySelector(selector)?.textContent.trim() ?? null,
      `[data-testid="${hook}"]`,
    );
  }

  /** What nobody should see: errors printed, errors not caught, and what a policy stopped. */
  async complaints(): Promise<string[]> {
    const violations = await this.page.evaluate(() => window.sightlineProbe.violations);
    return [...this.lines.filter((line) => /^(?:error|uncaught):/u.test(line)), ...violations];
  }

  /** Writes a picture, the document and all that was printed, to files that begin alike. */
  async keepEvidence(file: string): Promise<void> {
    await writeFile(`${file}.console.log`, this.lines.join('\n'));
    if (this.page.isClosed()) return;
    await writeFile(`${file}.html`, await this.page.content());
    await writeFile(`${file}.png`, await this.page.screenshot());
  }
}

/** How a Firefox is started. */
export interface FirefoxSettings {
  /** What evidence calls it. */
  name: string;
  /** Certificate file of a root to trust, PEM, in a profile that trusts no other private one. */
  trustedRoot?: string;
}

/**
 * Starts a Firefox that ends with the stage.
 *
 * @throws Error when there is none, or when it cannot be told to trust the root.
 */
export async function openFirefox(stage: Stage, settings: FirefoxSettings) {
  const { name, trustedRoot } = settings;
  const executablePath = findFirefox();
  if (executablePath === undefined) {
    throw new Error('There is no Firefox: run npm test, or install firefox-esr.');
  }
  const profile = await mkdtemp(path.join(tmpdir(), 'sightline-firefox-'));
  stage.own({
    name: `profile of ${name}`,
    close: () => rm(profile, { recursive: true, force: true, maxRetries: 5 }),
  });
  if (trustedRoot !== undefined) await trustRoot(profile, trustedRoot);
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    userDataDir: profile,
    extraPrefsFirefox: PREFERENCES,
    env: stage.environment,
    timeout: START_TIMEOUT_MS,
    defaultViewport: { width: 1280, height: 800 },
  });
  const firefox = new FirefoxBrowser(browser);
  stage.own({
    name,
    close: () => browser.close(),
    keepEvidence: (folder) => firefox.keepEvidence(folder, name),
  });
  return firefox;
}

/** Makes the profile's certificate database with one root that may vouch for servers. */
async function trustRoot(profile: string, file: string): Promise<void> {
  const database = ['-d', `sql:${profile}`];
  for (const step of [
    ['-N', ...database, '--empty-password'],
    ['-A', ...database, '-n', 'Sightline', '-t', 'C,,', '-i', file],
  ]) {
    const done = await runBounded('certutil', step, { timeoutMs: 20_000 });
    if (!done.ok) {
      throw new Error(`certutil ${step.join(' ')} failed (libnss3-tools): ${done.stderr.trim()}`);
    }
  }
}
