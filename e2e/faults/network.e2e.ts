/**
 * Faults of the network between a phone and the desk, each on hosts of their own with a cable
 * between them, and a picture that counts its frames.
 */
import { beforeAll, describe, it } from 'vitest';
import { openConsole, type ConsolePage } from '../harness/console-page';
import { findPackets, losePackets, lossObstacle } from '../harness/lossy-cable';
import { untilMovingAgain } from '../harness/moving-again';
import { narrowCable, narrowingObstacle, widenCable } from '../harness/narrow-cable';
import { DESK_ADDRESS, labObstacle, NetworkLab } from '../harness/network-lab';
import { openPhone, type PhonePage } from '../harness/phone-page';
import { VitalsProbe } from '../harness/server-vitals';
import { startServer, type SignalServer } from '../harness/signal-server';
import { pause, until } from '../harness/until';
import { useStage } from '../harness/use-stage';
import { isFull, useFaultTable } from './fault-table';
import { watchGrowth } from './growth';
import { missingPictures } from './missing-pictures';

/** Number of the phone's picture. */
const PHONE = 4;

/** From a network that works again to everything well: ICE and signaling both wait a little. */
const RETURN_LIMIT = { timeoutMs: 40_000 };

/** How long packets are lost, in milliseconds. */
const LOSS_MS = isFull ? 12_000 : 5_000;

/** How long everything is looked at after it is well again, in milliseconds. */
const CALM_MS = 2_000;

const obstacle = labObstacle() ?? narrowingObstacle() ?? lossObstacle();
if (obstacle !== undefined) console.log(`Faults of the network are not tested: ${obstacle}.`);

interface Fault {
  readonly begin: () => void;
  readonly end: () => void;
  readonly holdMs: number;
  /** What else has to be so afterwards. */
  readonly after?: () => Promise<string>;
}

describe.skipIf(obstacle !== undefined)('a fault of the network', { timeout: 150_000 }, () => {
  const stage = useStage();
  const note = useFaultTable();
  let lab: NetworkLab;
  let server: SignalServer;
  let probe: VitalsProbe;
  let wall: ConsolePage;
  let phone: PhonePage;
  let streamId: string;

  beforeAll(async () => {
    lab = new NetworkLab(stage);
    probe = new VitalsProbe(stage);
    server = await startServer(stage, {
      host: DESK_ADDRESS,
      prefix: [...lab.prefix('desk'), ...probe.prefix],
    });
    wall = await openConsole(stage, server, { executable: lab.chromium('desk') });
    phone = await openPhone(stage, server, {
      phone: PHONE,
      executable: lab.chromium('phone'),
      // Only HTTPS pages get a camera over a network; this stands in for it.
      flags: [`--unsafely-treat-insecure-origin-as-secure=${new URL(server.url('stream')).origin}`],
    });
    await phone.start();
    streamId = await wall.untilPictureOf(PHONE);
    await pause(isFull ? 10_000 : CALM_MS);
  });

  for (const seconds of isFull ? [1, 5, 20] : []) {
    it(`link down for ${seconds} s`, async () => {
      await endure(`link down ${seconds} s`, {
        begin: () => lab.unplug(),
        end: () => lab.plugIn(),
        holdMs: seconds * 1_000,
      });
    });
  }

  if (isFull) {
    it('phone changes its address', async () => {
      await endure('phone changes its address', {
        begin: () => undefined,
        end: () => lab.movePhone(),
        holdMs: 0,
      });
    });
  }

  for (const percent of isFull ? [2, 10, 20] : [10]) {
    it(`packet loss of ${percent} %`, async () => {
      await endure(`${percent} % packet loss for ${LOSS_MS / 1_000} s`, {
        begin: () => losePackets(lab, percent),
        end: () => findPackets(lab),
        holdMs: LOSS_MS,
      });
    });
  }

  if (isFull) {
    it('bandwidth falls and returns', async () => {
      narrowCable(lab, 8_000_000);
      let widenedAt = 0;
      await endure('8 Mbit/s → 300 kbit/s for 15 s → 8 Mbit/s', {
        begin: () => narrowCable(lab, 300_000),
        end: () => {
          narrowCable(lab, 8_000_000);
          widenedAt = Date.now();
        },
        holdMs: 15_000,
        after: async () => {
          await until(
            'the full rate of the picture',
            () => wall.stats(streamId),
            ({ fps = 0, bitrateBps = 0 }) => fps > 20 && bitrateBps > 600_000,
            { timeoutMs: 60_000 },
          );
          return `full rate after ${Math.round((Date.now() - widenedAt) / 1_000)} s`;
        },
      });
      widenCable(lab);
    });
  }

  /** Carries out a fault and waits until everything is well again, on the pages that were there. */
  async function endure(name: string, fault: Fault): Promise<void> {
    await note(name, async () => {
      const made = (await phone.connections()).made;
      const growth = await watchGrowth({
        server: { probe, process: server },
        pages: { console: wall.page, phone: phone.page },
      });
      const picture = await wall.watchPicture(streamId);
      const from = Date.now();
      fault.begin();
      await pause(fault.holdMs);
      const endedAt = Date.now();
      fault.end();
      await untilMovingAgain(picture, endedAt);
      await wall.untilTileState(streamId, ['live'], RETURN_LIMIT);
      await until(
        'the console to be connected',
        () => wall.serverState(),
        (state) => state === 'live',
        RETURN_LIMIT,
      );
      await phone.untilState('live', RETURN_LIMIT);
      await phone.untilViewers(1, RETURN_LIMIT);
      const remark = await fault.after?.();
      await pause(CALM_MS);
      const { changes } = await picture.end();
      const rebuilt = (await phone.connections()).made > made ? 'connection rebuilt' : '';
      return {
        ...missingPictures(changes, PHONE, { from, faultEndedAt: endedAt, to: Date.now() }),
        growth: await growth(),
        remark: remark ?? rebuilt,
      };
    });
  }
});
