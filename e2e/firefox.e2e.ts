/** The system's own Firefox, as a phone and as a viewer, with Chromium at the other end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findFirefox } from '../scripts/provision/firefox';
import { findProgram } from '../scripts/provision/system-packages';
import { openConsole, type ConsolePage } from './harness/console-page';
import { openFirefox, type FirefoxBrowser, type FirefoxPage } from './harness/firefox';
import type { FrameReading } from './harness/page-probe';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';
import { hueDistance, hueOfPhone } from './harness/video-code';

/** Both ends encode or decode on a busy machine, in milliseconds. */
const PATIENT = { timeoutMs: 30_000 };

/** Time over which sound is measured, in milliseconds, and the energy below which it is silence. */
const LISTEN_MS = 500;
const AUDIBLE = 0.000_5;

/** Degrees by which a changed color differs; decoding alone moves it by less than one. */
const HUE_STEP = 8;

const TILE_VIDEO = '[data-testid="tile"] video';

describe.skipIf(isMissing('firefox'))('Firefox', () => {
  const stage = useStage();
  let firefox: FirefoxBrowser;
  let server: SignalServer;

  beforeAll(async () => {
    server = await startServer(stage);
    firefox = await openFirefox(stage, { name: 'firefox' });
  });

  describe.each(['stream', 'mobileStream'] as const)('as a phone on the %s page', (kind) => {
    const ownStage = useStage();
    let wall: ConsolePage;
    let phone: FirefoxPage;
    let streamId: string;

    beforeAll(async () => {
      wall = await openConsole(ownStage, server);
      phone = await firefox.open(server.url(kind));
      await phone.click('start');
      await phone.untilAttribute('status', 'data-state', 'live', PATIENT);
      const [tile] = await wall.untilTileCount(1, PATIENT);
      streamId = tile?.streamId ?? '';
      await wall.untilTileState(streamId, ['live'], PATIENT);
    });

    it('shows its moving picture on the tile', async () => {
      const picture = () => wall.readPicture(streamId);
      const first = await until('a picture', picture, (seen) => seen !== undefined, PATIENT);
      await untilAnother(picture, first);
    });

    it('gives the tile its figures, and has one viewer', async () => {
      const stats = await until(
        'the figures of a steady picture',
        () => wall.stats(streamId),
        (seen) => (seen.fps ?? 0) >= 10 && (seen.bitrateBps ?? 0) > 0 && seen.loss !== undefined,
        PATIENT,
      );
      const picture = await wall.readPicture(streamId);
      expect(stats).toMatchObject({ width: picture?.width, height: picture?.height, codec: 'VP8' });
      expect(stats.width).toBeGreaterThanOrEqual(640);
      expect(stats.rttMs).toBeLessThan(1_000);
      await wall.untilTileViewers(streamId, 1);
      const viewers = () => phone.text('viewer-count');
      await until('the phone to show one viewer', viewers, (seen) => seen === '1');
    });

    it('is heard until it is muted', async () => {
      const tile = wall.tileLocator(streamId);
      const sound = async () => {
        const before = await wall.playedSound();
        await pause(LISTEN_MS);
        return (await wall.playedSound()) - before;
      };
      await tile.hover();
      await tile.getByTestId('tile-listen').click();
      await until('its tone to be heard', sound, (energy) => energy > AUDIBLE, PATIENT);
      await phone.click('mute');
      await until('silence', sound, (energy) => energy < AUDIBLE, PATIENT);
      await tile.getByLabel(/muted on the phone/iu).waitFor();
      expect(await wall.tile(streamId)).toMatchObject({ state: 'live' });
    });

    it('leaves the wall when it is stopped, without a complaint', async () => {
      await phone.click('stop');
      await wall.untilTileState(streamId, ['ended'], PATIENT);
      await until(
        'every connection of the phone to be closed',
        () =>
          phone.page.evaluate(() =>
            window.sightlineProbe.connections.map(({ connectionState }) => connectionState),
          ),
        (states) => states.length > 0 && states.every((state) => state === 'closed'),
      );
      expect(await phone.complaints()).toEqual([]);
    });
  });

  describe('as a viewer', () => {
    const ownStage = useStage();
    let phone: PhonePage;
    let viewer: FirefoxPage;

    beforeAll(async () => {
      phone = await openPhone(ownStage, server, { phone: 2 });
      await phone.start();
      viewer = await firefox.open(server.url('liveStreams'));
    });

    it('shows the picture of the phone, and it moves', async () => {
      await viewer.untilAttribute('tile', 'data-state', 'live', PATIENT);
      const picture = () => pictureIn(viewer);
      const isOurs = (seen: FrameReading | undefined) => seen?.phone === 2;
      const first = await until('the picture of phone 2', picture, isOurs, PATIENT);
      expect(first).toMatchObject({ width: 640, height: 360 });
      expect(hueDistance(first?.hue ?? Number.NaN, hueOfPhone(2))).toBeLessThan(20);
      const isAnother = (seen: FrameReading | undefined) =>
        isOurs(seen) && seen?.frame !== first?.frame;
      await until('another frame of it', picture, isAnother, PATIENT);
      await phone.untilViewers(1);
    });

    it('gives the figures that Firefox knows', async () => {
      const figure = (name: string) => viewer.attribute('tile-stats', `data-${name}`);
      // These take two samples, the others one.
      await until(
        'a bitrate',
        () => figure('bitrate-bps'),
        (seen) => Number(seen) > 0,
        PATIENT,
      );
      await until(
        'a rate',
        () => figure('fps'),
        (seen) => Number(seen) >= 10,
        PATIENT,
      );
      expect(await figure('width')).toBe('640');
      expect(await figure('height')).toBe('360');
      expect(await figure('codec')).toBe('VP8');
      expect(Number(await figure('loss'))).toBeLessThan(0.05);
      expect(Number((await figure('rtt-ms')) ?? Number.NaN)).toBeLessThan(1_000);
      expect(await figure('relayed')).toBeNull();
    });

    it('sees the stream leave, without a complaint', async () => {
      await phone.tap('stop');
      const state = () => viewer.attribute('tile', 'data-state');
      await until('the tile to say so', state, (seen) => seen === 'ended', PATIENT);
      expect(await viewer.complaints()).toEqual([]);
    });
  });

  describe.skipIf(isMissing('certutil'))('over HTTPS by a root of our own', () => {
    const ownStage = useStage();
    let secure: SignalServer;
    let trustedRoot: string;

    beforeAll(async () => {
      const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-data-'));
      ownStage.own({ name: dataDir, close: () => rm(dataDir, { recursive: true, force: true }) });
      const options = ['--data-dir', dataDir, '--http-port', '0'];
      secure = await startServer(ownStage, { tls: 'auto', options });
      trustedRoot = path.join(dataDir, 'tls', 'root.crt');
    });

    it('opens no page while the root is not trusted', async () => {
      await expect(firefox.open(secure.url('stream'))).rejects.toThrow(/SEC_ERROR|UNKNOWN_ISSUER/u);
    });

    it('streams and watches once it is, with a service worker', async () => {
      const trusting = await openFirefox(ownStage, { name: 'trusting', trustedRoot });
      const phone = await trusting.open(secure.url('stream'));
      expect(new URL(phone.page.url()).protocol).toBe('https:');
      await phone.click('start');
      await phone.untilAttribute('status', 'data-state', 'live', PATIENT);
      const worker = await phone.page.evaluate(async () => {
        const { active } = await navigator.serviceWorker.ready;
        return active?.scriptURL;
      });
      expect(worker).toBe(new URL('/sw.js', secure.url('stream')).href);

      const viewer = await trusting.open(secure.url('liveStreams'));
      await viewer.untilAttribute('tile', 'data-state', 'live', PATIENT);
      const picture = () => pictureIn(viewer);
      const first = await until('a picture', picture, (seen) => seen !== undefined, PATIENT);
      await untilAnother(picture, first);
      expect(await phone.complaints()).toEqual([]);
      expect(await viewer.complaints()).toEqual([]);
    });
  });
});

/** The frame that the first tile shows in Firefox. */
async function pictureIn(viewer: FirefoxPage): Promise<FrameReading | undefined> {
  return viewer.page.evaluate((selector) => window.sightlineProbe.readFrame(selector), TILE_VIDEO);
}

/** Firefox's fake camera is one color that runs through the hues, some 20 degrees a second. */
async function untilAnother(
  picture: () => Promise<FrameReading | undefined>,
  first: FrameReading | undefined,
): Promise<void> {
  const hue = first?.hue ?? Number.NaN;
  const isAnother = (seen: FrameReading | undefined) =>
    seen !== undefined && hueDistance(seen.hue, hue) > HUE_STEP;
  await until('the picture to change its color', picture, isAnother, PATIENT);
}

/** Says why these tests are skipped, where they are. */
function isMissing(program: 'firefox' | 'certutil'): boolean {
  const found = program === 'firefox' ? findFirefox() : findProgram(program);
  if (found !== undefined) return false;
  process.stderr.write(`Tests with Firefox are skipped: there is no ${program} on this machine.\n`);
  return true;
}
