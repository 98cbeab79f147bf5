/**
 * The main job: three phones at once, on a console in Electron with its embedded server and on a
 * second console in a browser.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './harness/browsers';
import { ConsolePage } from './harness/console-page';
import { openDesktop } from './harness/desktop-app';
import { OperatorDesk } from './harness/operator-desk';
import { PhonePage } from './harness/phone-page';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

/**
 * Viewer counts have to follow within a second; the server's own tests hold it to a tenth of that.
 * Here half a dozen browsers share the machine with it, so only a count that stays wrong fails.
 */
const COUNT_LIMIT = { timeoutMs: 5_000 };

/** Chromium's fake microphone beeps at least once in this time, in milliseconds. */
const BEEP_MS = 1_200;

/** Energy (volume squared times seconds) above the faint noise that silence decodes to. */
const AUDIBLE = 1e-5;

describe('three phones on the wall', () => {
  const stage = useStage();
  let desktop: ConsolePage;
  let joinUrl: URL;
  const phones: PhonePage[] = [];
  const streams: string[] = [];

  beforeAll(async () => {
    desktop = (await openDesktop(stage)).console;
    joinUrl = new URL(await desktop.joinUrl());
  });

  const phoneAt = (index: number): PhonePage => {
    const phone = phones[index];
    if (phone === undefined) throw new Error(`Phone ${index} was not opened.`);
    return phone;
  };

  const soundPlayedInOneBeep = async (): Promise<number> => {
    const before = await desktop.playedSound();
    await pause(BEEP_MS);
    return (await desktop.playedSound()) - before;
  };

  it('explains how to join while the wall is empty', async () => {
    const url = new URL(await desktop.joinUrl());
    expect(url.pathname).toBe('/stream');
    await until(
      'the server to be connected',
      () => desktop.serverState(),
      (s) => s === 'live',
    );
    expect(await desktop.tiles()).toEqual([]);
  });

  it('shows each phone its own tile with its own picture', async () => {
    const pages = ['/stream', '/stream', '/mobile-stream.html'];
    for (const [phone, path] of pages.entries()) {
      const opened = await PhonePage.open(stage, `${joinUrl.origin}${path}${joinUrl.hash}`, {
        phone,
      });
      phones.push(opened);
      await opened.setName(`Camera ${phone}`);
      await opened.start();
      streams.push(await desktop.untilPictureOf(phone));
    }
    const tiles = await desktop.untilTileCount(3);
    expect(tiles.map(({ label }) => label)).toEqual(['Camera 0', 'Camera 1', 'Camera 2']);
    expect(tiles.map(({ streamId }) => streamId)).toEqual(streams);
    expect(new Set(streams).size).toBe(3);
  });

  it('keeps all pictures moving', async () => {
    const watches = await Promise.all(streams.map((id) => desktop.watchPicture(id)));
    // Two seconds is one round of the video; the passing of time is what is looked at.
    await pause(2_000);
    for (const [phone, watch] of watches.entries()) {
      const { changes } = await watch.end();
      expect(new Set(changes.map((change) => change.phone))).toEqual(new Set([phone]));
      expect(new Set(changes.map((change) => change.frame)).size).toBeGreaterThan(20);
    }
  });

  it('counts one viewer on phones and tiles', async () => {
    for (const phone of phones) await phone.untilViewers(1, COUNT_LIMIT);
    for (const id of streams) await desktop.untilTileViewers(id, 1, COUNT_LIMIT);
  });

  it('shows the same on a second wall, and counts it', async () => {
    const browser = await openBrowser(stage, {
      name: 'second wall',
      context: { viewport: { width: 1440, height: 900 } },
    });
    const page = await browser.context.newPage();
    const desk = new OperatorDesk(desktop);
    await page.goto(await desk.linkOf('viewer'));
    await desk.closeDialog();
    const second = new ConsolePage(page);
    for (const [phone, streamId] of streams.entries()) {
      expect(await second.untilPictureOf(phone)).toBe(streamId);
    }
    for (const phone of phones) await phone.untilViewers(2, COUNT_LIMIT);
    for (const wall of [desktop, second]) {
      for (const id of streams) await wall.untilTileViewers(id, 2, COUNT_LIMIT);
    }

    await page.close();
    for (const phone of phones) await phone.untilViewers(1, COUNT_LIMIT);
    for (const id of streams) await desktop.untilTileViewers(id, 1, COUNT_LIMIT);
    await stage.release('second wall');
  });

  it('plays a phone’s sound only once somebody listens', async () => {
    const first = streams[0] ?? '';
    const tile = desktop.tileLocator(first);
    const isSilent = () =>
      tile
        .locator('video, audio')
        .evaluateAll((elements) =>
          elements.every((element) => element instanceof HTMLMediaElement && element.muted),
        );
    expect(await isSilent()).toBe(true);
    await tile.hover();
    await tile.getByRole('button', { name: /listen/iu }).click();
    expect(await isSilent()).toBe(false);
    const before = await desktop.playedSound();
    await until(
      'sound to be heard',
      () => desktop.playedSound(),
      (sound) => sound > before,
    );
  });

  it('falls silent when the phone is muted, and says so', async () => {
    expect(await soundPlayedInOneBeep()).toBeGreaterThan(AUDIBLE);
    await phoneAt(0).tap('mute');
    await until('silence', soundPlayedInOneBeep, (sound) => sound < AUDIBLE);
    await desktop
      .tileLocator(streams[0] ?? '')
      .getByLabel(/muted on the phone/iu)
      .waitFor();
  });

  it('lets a stream that was stopped leave with a word of why', async () => {
    await phoneAt(1).tap('stop');
    await phoneAt(1).untilState('idle');
    await desktop.page
      .getByText(/stopped/iu)
      .first()
      .waitFor();
    const left = await desktop.untilTileCount(2, { timeoutMs: 20_000 });
    expect(left.map(({ streamId }) => streamId)).toEqual([streams[0], streams[2]]);
  });

  it('remembers the name given to a stream', async () => {
    await phoneAt(1).page.reload();
    expect(await phoneAt(1).name()).toBe('Camera 1');
  });
});
