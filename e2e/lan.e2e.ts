/** A phone that has never seen the server: from the plain page to a live tile over HTTPS. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSecureLan, secureLanObstacle, secureOrigin, TRUST_PAGE } from './harness/secure-lan';
import type { SecureLan } from './harness/secure-lan';
import { PhonePage } from './harness/phone-page';
import { report } from './harness/report';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

/** Checks of a phone on a very busy machine. */
const CHECK_LIMIT = { timeoutMs: 30_000 };

const obstacle = secureLanObstacle();
if (obstacle !== undefined) console.log(`The way in over a LAN is not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('a phone that has never been here', () => {
  const stage = useStage('test');
  let lan: SecureLan;

  beforeEach(async () => {
    lan = await openSecureLan(stage);
  });

  it('learns what fails, trusts the root and gets to a live tile', async () => {
    const wall = await lan.openConsole();

    const stranger = await openTrustPage();
    await untilVerdict(stranger, 'untrusted');
    expect(await findings(stranger)).toEqual({ page: 'refused', socket: 'none', worker: 'none' });
    expect(await stranger.getByTestId('next').isVisible()).toBe(false);
    expect(await stranger.getByTestId('steps').locator('ol > li').count()).toBeGreaterThan(2);
    const root = await downloadRoot(stranger);
    expect(await stranger.getByTestId('fingerprint').textContent()).toBe(root.fingerprint);
    // What the page calls untrusted is what this browser says when it goes there itself.
    await expect(stranger.goto(secureOrigin())).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/u);
    await stage.release('phone5');

    lan.phoneTrust.trust(root.file);
    const arrivedAt = Date.now();
    const phone = await openTrustPage();
    await untilVerdict(phone, 'continue-on-secure-page');
    expect(await findings(phone)).toEqual({ page: 'passed', socket: 'passed', worker: 'none' });
    await phone.getByRole('link', { name: 'Open the secure page' }).click();
    await phone.waitForURL(`${secureOrigin()}/trust${lan.fragment}`);
    await untilVerdict(phone, 'ready');
    expect(await findings(phone)).toEqual({ page: 'passed', socket: 'passed', worker: 'passed' });
    report('plain page to all checks passed', Date.now() - arrivedAt);
    await phone.getByRole('link', { name: 'Open the camera page' }).click();
    await phone.waitForURL(`${secureOrigin()}/stream`);
    await phone.getByRole('button', { name: 'Start streaming' }).click();
    await wall.untilPictureOf(5, CHECK_LIMIT);
    report('plain page to live tile', Date.now() - arrivedAt);

    expect(await workerOf(phone)).toEqual({
      scope: `${secureOrigin()}/stream`,
      state: 'activated',
    });
    expect(await installabilityErrors(phone)).toEqual([]);
  });

  it('is told what a warning waved through does not give', async () => {
    const phone = await openTrustPage();
    await untilVerdict(phone, 'untrusted');
    const securePage = `${secureOrigin()}/trust`;
    await expect(phone.goto(securePage)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/u);
    // Chromium's own warning, past which people go by these two.
    await phone.locator('#details-button').click();
    await phone.locator('#proceed-link').click();
    await phone.waitForURL(securePage);
    await untilVerdict(phone, 'worker-refused');
    expect(await findings(phone)).toEqual({ page: 'passed', socket: 'passed', worker: 'refused' });
    expect(await phone.getByTestId('steps').isVisible()).toBe(true);
  });

  /** The phone's browser; it has to be a new one to see what was trusted meanwhile. */
  async function openTrustPage(): Promise<Page> {
    const executable = lan.phoneTrust.chromium(lan.lab.chromium('phone'));
    const { page } = await PhonePage.open(stage, `${TRUST_PAGE}${lan.fragment}`, {
      phone: 5,
      executable,
    });
    return page;
  }

  /** Taps the button of the first step. */
  async function downloadRoot(page: Page): Promise<{ file: string; fingerprint: string }> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the certificate' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('sightline-root.crt');
    const file = path.join(path.dirname(lan.rootFile), 'downloaded.crt');
    await download.saveAs(file);
    return { file, fingerprint: new X509Certificate(readFileSync(file)).fingerprint256 };
  }
});

async function untilVerdict(page: Page, verdict: string): Promise<void> {
  await until(
    `the page to find: ${verdict}`,
    () => page.getByTestId('trust').getAttribute('data-verdict'),
    (seen) => seen === verdict,
    CHECK_LIMIT,
  );
}

/** What each check found. */
async function findings(page: Page): Promise<Record<string, string | undefined>> {
  return page
    .getByTestId('trust')
    .locator('li')
    .evaluateAll((items) =>
      Object.fromEntries(
        items.map((item) => [
          item.getAttribute('data-check') ?? '',
          item.getAttribute('data-finding') ?? undefined,
        ]),
      ),
    );
}

/** The registered worker of the camera page, once it is active. */
async function workerOf(page: Page): Promise<{ scope: string; state: string | undefined }> {
  return page.evaluate(async () => {
    const { scope, active } = await navigator.serviceWorker.ready;
    if (active?.state === 'activating') {
      await new Promise((resolve) => {
        active.addEventListener('statechange', resolve, { once: true });
      });
    }
    return { scope, state: active?.state };
  });
}

/** What Chromium misses for an installation, but for the private window of the tests. */
async function installabilityErrors(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors: errors } = await session.send('Page.getInstallabilityErrors');
  return errors.map(({ errorId }) => errorId).filter((errorId) => errorId !== 'in-incognito');
}
