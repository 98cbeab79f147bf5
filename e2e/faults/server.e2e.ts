/** Faults of the server: killed while phones join, restarted over and over, out of disk, out of time. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from '../../signal/server/tls/data-folder';
import { CodedPhones, leave } from '../harness/coded-phones';
import { openConsole, type ConsolePage } from '../harness/console-page';
import { OperatorDesk } from '../harness/operator-desk';
import type { PhonePage } from '../harness/phone-page';
import { VitalsProbe } from '../harness/server-vitals';
import { startServer, type SignalServer } from '../harness/signal-server';
import { SmallDisk, smallDiskObstacle } from '../harness/small-disk';
import { pause, until } from '../harness/until';
import { useStage } from '../harness/use-stage';
import { isFull, useFaultTable } from './fault-table';
import { watchGrowth } from './growth';
import { missingPictures } from './missing-pictures';

/** Times after the tap on Start at which the server is killed, in milliseconds. */
const KILL_AFTER_MS = isFull ? [20, 80, 200, 500] : [120];

/** How long the server stays away then, in milliseconds. */
const AWAY_MS = isFull ? 1_500 : 500;

const RESTARTS = 10;

/** Ten of them are two minutes. */
const RESTART_EVERY_MS = 12_000;

/** How long the server keeps the place of who is gone: those who leave here leave soon. */
const RESUME_WINDOW_SECONDS = 4;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** On a busy machine, two dozen peer connections take their time. */
const JOIN_LIMIT = { timeoutMs: 30_000 };

const onLinux = process.platform === 'linux';
if (!onLinux) console.log('Faults of the server are not tested: they are measured through /proc.');

describe.skipIf(!onLinux)('a fault of the server', { timeout: 240_000 }, () => {
  const stage = useStage('test');
  const note = useFaultTable();
  let probe: VitalsProbe;
  let server: SignalServer;
  let wall: ConsolePage;
  let phones: CodedPhones;

  const begin = async (options: string[] = []): Promise<void> => {
    server = await startServer(stage, {
      prefix: probe.prefix,
      options: ['--resume-window', String(RESUME_WINDOW_SECONDS), ...options],
    });
    wall = await openConsole(stage, server);
    phones = await CodedPhones.open(stage, server);
  };

  beforeEach(() => {
    probe = new VitalsProbe(stage);
  });

  it('killed hard while phones join', async () => {
    await begin();
    await note('server killed hard during joins', async () => {
      const joined: number[] = [];
      for (const [round, killAfterMs] of KILL_AFTER_MS.entries()) {
        const three = await Promise.all([0, 1, 2].map(async (place) => phones.add(place + round)));
        await Promise.all(three.map(async (phone) => phone.tap('start')));
        await pause(killAfterMs);
        await server.kill();
        await pause(AWAY_MS);
        await server.start();
        const backAt = performance.now();
        for (const phone of three) await wall.untilPictureOf(phone.phone, JOIN_LIMIT);
        joined.push(performance.now() - backAt);
        await wall.untilTileCount(3);
        for (const phone of three) expect((await phone.connections()).open).toBe(1);
        await Promise.all(three.map(leave));
        await wall.untilTileCount(0, { timeoutMs: 45_000 });
      }
      const times = joined.map((milliseconds) => `${Math.round(milliseconds)} ms`).join(', ');
      return {
        backAfterMs: Math.max(...joined),
        remark: `3 phones, killed ${KILL_AFTER_MS.join(', ')} ms after Start; all on the wall ${times} after the server's return`,
      };
    });
  });

  if (isFull) {
    it('restarted ten times in two minutes', async () => {
      await begin();
      const two = await startPhones(2);
      await note('server restarted 10 times in 2 minutes', async () => {
        const growth = await watchGrowth({ pages: { console: wall.page, phone: two.first.page } });
        const finish = await watchAll(two.all);
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          const dueAt = performance.now() + RESTART_EVERY_MS;
          if (restart % 2 === 0) await server.kill();
          else await server.stop();
          await server.start();
          await pause(dueAt - performance.now());
        }
        const backAt = performance.now();
        await untilWell(two.all);
        const backAfterMs = performance.now() - backAt;
        for (const phone of two.all) expect((await phone.connections()).made).toBe(1);
        return {
          missingMs: await finish(),
          backAfterMs,
          growth: await growth(),
          remark: 'no connection rebuilt',
        };
      });
    });
  }

  const diskObstacle = smallDiskObstacle();
  if (diskObstacle !== undefined) console.log(`A full disk is not tested: ${diskObstacle}.`);

  it.skipIf(diskObstacle !== undefined)('out of disk', async () => {
    const disk = new SmallDisk(stage);
    await begin(['--data-dir', disk.folder]);
    const one = await startPhones(1);
    await note('full disk for the data folder', async () => {
      const growth = await watchGrowth({
        server: { probe, process: server },
        pages: { console: wall.page, phone: one.first.page },
      });
      const finish = await watchAll(one.all);
      disk.fill();
      const desk = new OperatorDesk(wall);
      await desk.invite('Guest', 'phone');
      await desk.closeDialog();
      const second = await phones.add(5);
      await second.start();
      await wall.untilPictureOf(5);
      await until(
        'the server to say what it cannot do',
        () => server.logged,
        (log) => log.includes('could not be saved'),
      );
      expect(disk.leftovers()).toEqual([]);
      disk.free();
      // Nothing else happens in the room: it is saved all the same.
      await until(
        'the room to be saved whole',
        () => disk.invitations(),
        (names) => names.includes('Guest'),
      );
      await leave(second);
      await wall.untilTileCount(1, { timeoutMs: 45_000 });
      expect(disk.brokenAuditLines()).toBe(0);
      return {
        missingMs: await finish(),
        growth: await growth(),
        remark:
          'a phone joins meanwhile; the log says what is not saved; once there is space, it is saved',
      };
    });
  });

  it.skipIf(diskObstacle !== undefined)('nearly out of disk', async () => {
    const disk = new SmallDisk(stage);
    const folder = new DataFolder(disk.folder);
    await note('disk with room for half a file', async () => {
      folder.replace('room.json', 'whole');
      disk.fill({ leaveBytes: 4_096 });
      // The system writes what fits and says so; only the next write is refused.
      expect(() => folder.replace('room.json', 'x'.repeat(20_000))).toThrow('ENOSPC');
      expect(folder.read('room.json')).toBe('whole');
      expect(disk.leftovers()).toEqual([]);
      return Promise.resolve({ remark: 'the former file stays whole' });
    });
  });

  it('by a clock that jumps', async () => {
    await begin();
    const two = await startPhones(2);
    await note('clock of server and phone jumps a day ahead, then back', async () => {
      const growth = await watchGrowth({
        server: { probe, process: server },
        pages: { console: wall.page, phone: two.first.page },
      });
      const finish = await watchAll(two.all);
      for (const offsetMs of isFull ? [DAY_MS, -DAY_MS, 0] : [DAY_MS, 0]) {
        await probe.setClock(server, offsetMs);
        await two.first.page.evaluate(jumpClock, offsetMs);
        await pause(isFull ? 5_000 : 1_000);
        await untilWell(two.all);
      }
      const late = await phones.add(7);
      await late.start();
      await wall.untilPictureOf(7);
      await leave(late);
      await wall.untilTileCount(2, { timeoutMs: 45_000 });
      return {
        missingMs: await finish(),
        growth: await growth(),
        remark: 'the wall clock of the server process and of a phone page; the machine’s own stays',
      };
    });
  });

  interface Started {
    readonly all: PhonePage[];
    readonly first: PhonePage;
  }

  async function startPhones(count: number): Promise<Started> {
    const all: PhonePage[] = [];
    for (let phone = 0; phone < count; phone += 1) {
      const opened = await phones.add(phone, phone === 0 ? 'stream' : 'mobileStream');
      await opened.start();
      await wall.untilPictureOf(phone);
      all.push(opened);
    }
    const [first] = all;
    if (first === undefined) throw new Error('There is no phone.');
    await pause(2_000);
    return { all, first };
  }

  /** Watches the pictures of phones; the function it returns tells the most that was missing of one. */
  async function watchAll(watched: readonly PhonePage[]): Promise<() => Promise<number>> {
    const watches = await Promise.all(
      watched.map(async ({ phone }) => ({
        phone,
        watch: await wall.watchPicture(await wall.untilPictureOf(phone)),
      })),
    );
    const from = Date.now();
    return async () => {
      const to = Date.now();
      const missing = await Promise.all(
        watches.map(async ({ phone, watch }) => {
          const { changes } = await watch.end();
          return missingPictures(changes, phone, { from, faultEndedAt: from, to }).missingMs;
        }),
      );
      return Math.max(...missing);
    };
  }

  async function untilWell(watched: readonly PhonePage[]): Promise<void> {
    await until(
      'the console to be connected',
      () => wall.serverState(),
      (state) => state === 'live',
      JOIN_LIMIT,
    );
    for (const phone of watched) {
      await phone.untilState('live', JOIN_LIMIT);
      await phone.untilViewers(1, JOIN_LIMIT);
      await wall.untilPictureOf(phone.phone);
    }
  }
});

/** Runs inside a page. */
function jumpClock(offsetMs: number): void {
  const performanceNow = performance.now.bind(performance);
  const { timeOrigin } = performance;
  Date.now = () => Math.round(timeOrigin + performanceNow()) + offsetMs;
}
