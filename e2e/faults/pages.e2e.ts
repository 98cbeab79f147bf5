/** Faults of pages: many at once, over and over, and a console that does not read. */
import { beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { CodedPhones } from '../harness/coded-phones';
import { ConsolePage, openConsole, type PictureWatch } from '../harness/console-page';
import type { PhonePage } from '../harness/phone-page';
import { VitalsProbe } from '../harness/server-vitals';
import { startServer, type SignalServer } from '../harness/signal-server';
import { holdStill } from '../harness/stopped-browser';
import { pause, until } from '../harness/until';
import { useStage } from '../harness/use-stage';
import { isFull, useFaultTable } from './fault-table';
import { watchGrowth } from './growth';
import { missingPictures } from './missing-pictures';

const CROWD = isFull ? 12 : 6;

/** How often a page is opened and closed, or reloaded. */
const ROUNDS = 50;

/** Rounds before growth is looked at: what is loaded once and kept is no growth. */
const WARM_UP_ROUNDS = 5;

/** How long a console reads nothing: longer than the server waits for it. */
const DEAF_MS = isFull ? 40_000 : 4_000;

const RESUME_WINDOW_SECONDS = 4;

/** On a busy machine, a dozen peer connections at once take their time. */
const JOIN_LIMIT = { timeoutMs: 45_000 };

const countsSchema = v.object({ clients: v.number(), streams: v.number(), sessions: v.number() });

const onLinux = process.platform === 'linux';
if (!onLinux) console.log('Faults of pages are not tested: they are measured through /proc.');

describe.skipIf(!onLinux)('a fault of a page', { timeout: 280_000 }, () => {
  const stage = useStage('test');
  const note = useFaultTable();
  let probe: VitalsProbe;
  let server: SignalServer;
  let wall: ConsolePage;
  let phones: CodedPhones;

  beforeEach(async () => {
    probe = new VitalsProbe(stage);
    server = await startServer(stage, {
      prefix: probe.prefix,
      options: ['--resume-window', String(RESUME_WINDOW_SECONDS)],
    });
    wall = await openConsole(stage, server);
    phones = await CodedPhones.open(stage, server);
  });

  it('all phones joining at once', async () => {
    const crowd: PhonePage[] = [];
    for (let phone = 0; phone < CROWD; phone += 1) crowd.push(await phones.add(phone));
    await note(`${CROWD} phones joining at once`, async () => {
      const tappedAt = performance.now();
      await Promise.all(crowd.map(async (phone) => phone.tap('start')));
      await wall.untilTileCount(CROWD, JOIN_LIMIT);
      const listedAt = performance.now();
      await Promise.all(crowd.map(async ({ phone }) => wall.untilPictureOf(phone, JOIN_LIMIT)));
      const missingMs = performance.now() - tappedAt;
      for (const phone of crowd) {
        await phone.untilViewers(1);
        expect(await phone.connections()).toEqual({ made: 1, open: 1 });
      }
      const remark = `all tiles ${Math.round(listedAt - tappedAt)} ms after the tap, then all pictures; none needed a second connection`;
      return { missingMs, remark };
    });
  });

  it('a console that does not read', async () => {
    const first = await phones.add(0);
    await first.start();
    const streamId = await wall.untilPictureOf(0);
    const deaf = await openConsole(stage, server, { name: 'deaf console' });
    await deaf.untilPictureOf(0);
    await first.untilViewers(2);
    await note(`console reads nothing for ${DEAF_MS / 1_000} s`, async () => {
      const growth = await watchGrowth({
        server: { probe, process: server },
        pages: { console: wall.page, phone: first.page },
      });
      const watch = await wall.watchPicture(streamId);
      const from = Date.now();
      const goOn = await holdStill(deaf.browser.browser);
      try {
        const second = await phones.add(1);
        await second.start();
        await wall.untilPictureOf(1);
        await pause(from + DEAF_MS - Date.now());
      } finally {
        goOn();
      }
      const wokenAt = performance.now();
      await deaf.untilPictureOf(0, JOIN_LIMIT);
      await deaf.untilPictureOf(1, JOIN_LIMIT);
      const backAfterMs = performance.now() - wokenAt;
      await first.untilViewers(2, JOIN_LIMIT);
      const missingMs = await missingOf(watch, 0, from);
      await stage.release('deaf console');
      await first.untilViewers(1);
      return {
        missingMs,
        backAfterMs,
        growth: await growth(),
        remark:
          'missing at the other console; a phone that joined meanwhile is on both walls; one tile more',
      };
    });
  });

  if (isFull) {
    it('a console opened and closed fifty times', async () => {
      const phone = await phones.add(2);
      await phone.start();
      const streamId = await wall.untilPictureOf(2);
      // In a browser of their own: pages of one site share a process, and its one main thread.
      const { context } = (await openConsole(stage, server, { name: 'other consoles' })).browser;
      const openAndClose = async () => {
        const page = await context.newPage();
        await page.goto(server.url('liveStreams'));
        await new ConsolePage(page).untilTileState(streamId, ['live']);
        await page.close();
      };
      for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await openAndClose();
      await untilCounts({ clients: 3, streams: 1, sessions: 2 });
      await note(`console opened and closed ${ROUNDS} times`, async () => {
        const growth = await watchGrowth({
          server: { probe, process: server },
          pages: { phone: phone.page, 'other console': wall.page },
        });
        const watch = await wall.watchPicture(streamId);
        const from = Date.now();
        for (let round = 0; round < ROUNDS; round += 1) await openAndClose();
        const closedAt = performance.now();
        await phone.untilViewers(2);
        await untilCounts({ clients: 3, streams: 1, sessions: 2 });
        const backAfterMs = performance.now() - closedAt;
        const missingMs = await missingOf(watch, 2, from);
        expect((await phone.connections()).open).toBe(2);
        const remark = 'missing at a third console; back: until all counts are right';
        return { missingMs, backAfterMs, growth: await growth(), remark };
      });
    });

    it('a phone that reloads fifty times', async () => {
      const phone = await phones.add(3);
      await phone.start();
      const streamId = await wall.untilPictureOf(3);
      const reload = async () => {
        await phone.page.reload();
        await phone.untilState('live');
        await wall.untilTileState(streamId, ['live']);
        await wall.untilPictureOf(3);
      };
      for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await reload();
      await note(`phone reloads ${ROUNDS} times`, async () => {
        const growth = await watchGrowth({
          server: { probe, process: server },
          pages: { console: wall.page },
        });
        const watch = await wall.watchPicture(streamId);
        const from = Date.now();
        for (let round = 0; round < ROUNDS; round += 1) await reload();
        await phone.untilViewers(1);
        await untilCounts({ clients: 2, streams: 1, sessions: 1 });
        const missingMs = await missingOf(watch, 3, from);
        expect((await phone.connections()).open).toBe(1);
        expect((await wall.tiles()).map((tile) => tile.streamId)).toEqual([streamId]);
        const remark = `${Math.round(missingMs / ROUNDS)} ms a reload; always the same tile`;
        return { missingMs, growth: await growth(), remark };
      });
    });
  }

  async function missingOf(watch: PictureWatch, phone: number, from: number): Promise<number> {
    const to = Date.now();
    const { changes } = await watch.end();
    return missingPictures(changes, phone, { from, faultEndedAt: from, to }).missingMs;
  }

  async function untilCounts(wanted: v.InferOutput<typeof countsSchema>): Promise<void> {
    await until(
      `the counts of the server to be ${JSON.stringify(wanted)}`,
      async () => v.parse(countsSchema, await (await fetch(server.url('health'))).json()),
      (counts) => JSON.stringify(counts) === JSON.stringify(wanted),
      { timeoutMs: (RESUME_WINDOW_SECONDS + 10) * 1_000 },
    );
  }
});
