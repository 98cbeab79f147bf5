/** The phone page under a private root, once it is on the phone: without a network, and renewed. */
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../scripts/build/paths';
import { PhonePage } from './harness/phone-page';
import { report } from './harness/report';
import { openSecureLan, secureLanObstacle, secureOrigin } from './harness/secure-lan';
import type { SecureLan } from './harness/secure-lan';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const LIMIT = { timeoutMs: 30_000 };

const STREAM_PAGE = `${secureOrigin()}/stream`;

const obstacle = secureLanObstacle();
if (obstacle !== undefined) console.log(`The app without a network is not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('the app on a phone that trusts the server', () => {
  const stage = useStage('test');
  let lan: SecureLan;
  let phone: PhonePage;
  let webFolder: string;

  // A copy of its own, so that a second build can be put there.
  beforeEach(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-pages-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    webFolder = path.join(folder, 'web');
    await cp(path.join(distDir, 'web'), webFolder, { recursive: true });
    await cp(path.join(distDir, 'server'), path.join(folder, 'server'), { recursive: true });
    lan = await openSecureLan(stage, path.join(folder, 'server', 'main.cjs'));
    lan.phoneTrust.trust(lan.rootFile);
    const executable = lan.phoneTrust.chromium(lan.lab.chromium('phone'));
    phone = await PhonePage.open(stage, `${STREAM_PAGE}${lan.fragment}`, { phone: 7, executable });
    await untilControlled(phone.page);
  });

  it.each([
    {
      what: 'the server was off',
      takeAway: () => lan.server.kill(),
      bringBack: () => lan.server.start(),
    },
    {
      what: 'there was no network',
      takeAway: () => {
        lan.lab.unplug();
        return Promise.resolve();
      },
      bringBack: () => {
        lan.lab.plugIn();
        return Promise.resolve();
      },
    },
  ])('starts, looks for the control room and finds it, after $what', async (outage) => {
    const wall = await lan.openConsole();
    await phone.page.goto('about:blank');
    await outage.takeAway();
    await phone.page.goto(STREAM_PAGE);
    await phone.tap('start');
    const status = phone.page.getByTestId('status');
    await until(
      'the phone to look for the control room',
      () => status.textContent(),
      (text) => text?.includes('Looking for the control room') === true,
      LIMIT,
    );
    expect(await phone.state()).toBe('connecting');

    const backAt = Date.now();
    await outage.bringBack();
    await wall.untilPictureOf(7, LIMIT);
    report(`back after ${outage.what}, to live tile`, Date.now() - backAt);
    await phone.untilState('live', LIMIT);
  });

  it('stays at its build until told, though the files of that are gone', async () => {
    await lan.server.stop();
    await putSecondBuild(webFolder);
    await lan.server.start();
    await phone.page.evaluate(async () => {
      await (await navigator.serviceWorker.getRegistration())?.update();
    });
    const offer = phone.page.getByRole('button', { name: /reload|update/iu });
    await offer.waitFor();
    // The whole of the first build, out of its store: nothing of the second is mixed in.
    await phone.page.reload();
    await phone.page.getByTestId('start').waitFor();
    expect(await buildOf(phone.page)).toBe('first');

    await offer.waitFor();
    await Promise.all([phone.page.waitForEvent('load'), offer.click()]);
    await phone.page.getByTestId('start').waitFor();
    expect(await buildOf(phone.page)).toBe('second');
    await lan.server.stop();
    await phone.page.reload();
    await phone.page.getByTestId('start').waitFor();
    expect(await buildOf(phone.page)).toBe('second');
  });
});

/**
 * Puts other pages in the place of those that are there, as a build of other sources does: the
 * page's script has another name, and page, script and worker all know.
 */
async function putSecondBuild(folder: string): Promise<void> {
  const assets = path.join(folder, 'assets');
  const page = path.join(folder, 'stream.html');
  const script = /assets\/(stream-[\w-]+\.js)/u.exec(await readFile(page, 'utf8'))?.[1];
  if (script === undefined) throw new Error('The phone page has no script.');
  const renamed = script.replace('stream-', 'stream-second-');
  await rename(path.join(assets, script), path.join(assets, renamed));
  const code = await readFile(path.join(assets, renamed), 'utf8');
  await writeFile(
    path.join(assets, renamed),
    `${code}\ndocument.documentElement.dataset.build='second';\n`,
  );
  for (const file of [page, path.join(folder, 'sw.js')]) {
    const text = (await readFile(file, 'utf8')).replaceAll(script, renamed);
    // The page's own entry is told by its revision.
    const revised = text.replace(/("revision":")[\da-f]{32}("[^{}]*"\/stream")/u, '$1second$2');
    await writeFile(file, revised);
  }
  for (const entry of await readdir(folder, { recursive: true })) {
    const isPacked = /(?:stream|sw)[^/]*\.(?:br|gz)$/u.test(entry);
    if (isPacked) await rm(path.join(folder, entry));
  }
}

async function buildOf(page: Page): Promise<string> {
  return page.evaluate(() => document.documentElement.dataset['build'] ?? 'first');
}

/** The first visit installs the worker; it serves pages from the next one on. */
async function untilControlled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await until(
    'the page to be served by its worker',
    () => page.evaluate(() => navigator.serviceWorker.controller?.state),
    (state) => state === 'activated',
  );
}
