/**
 * A network that carries less than the picture needs: the console names it as the cause, and says
 * that all is well once it carries enough again.
 */
import { describe, expect, it } from 'vitest';
import { openConsole } from './harness/console-page';
import { narrowCable, narrowingObstacle, widenCable } from './harness/narrow-cable';
import { DESK_ADDRESS, labObstacle, NetworkLab } from './harness/network-lab';
import { openPhone } from './harness/phone-page';
import { report } from './harness/report';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

/** What is left of the network, in bits a second: less than half of what the picture needs. */
const SQUEEZED_BPS = 400_000;

/** The picture's full rate, of which it has to come near before and after, in bits a second. */
const FULL_BPS = 700_000;

/** The cause is named within a few seconds: the controller's own, and one of telemetry. */
const NAMED_LIMIT = { timeoutMs: 10_000 };

/** Congestion control trusts a network again by small steps. */
const RECOVERY_LIMIT = { timeoutMs: 60_000 };

const obstacle = labObstacle() ?? narrowingObstacle();
if (obstacle !== undefined) console.log(`A squeezed network is not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('a squeezed network', { timeout: 180_000 }, () => {
  const stage = useStage();

  it('is named as the cause, and forgotten once it is wide again', async () => {
    const lab = new NetworkLab(stage);
    const server = await startServer(stage, { host: DESK_ADDRESS, prefix: lab.prefix('desk') });
    const wall = await openConsole(stage, server, { executable: lab.chromium('desk') });
    const phone = await openPhone(stage, server, {
      phone: 1,
      executable: lab.chromium('phone'),
      // Only HTTPS pages get a camera over a network; this stands in for it.
      flags: [`--unsafely-treat-insecure-origin-as-secure=${new URL(server.url('stream')).origin}`],
    });
    await phone.start();
    const streamId = await wall.untilPictureOf(1);
    await wall.tileLocator(streamId).focus();
    await wall.page.keyboard.press('i');
    const sentence = () => wall.page.getByTestId('inspector-sentence').textContent();
    const health = () => wall.tileLocator(streamId).getAttribute('data-health');
    const look = async () => ({
      sentence: await sentence(),
      health: await health(),
      ...(await wall.stats(streamId)),
    });
    const isWell = (seen: Awaited<ReturnType<typeof look>>) =>
      seen.health === 'good' &&
      /all is well/iu.test(seen.sentence ?? '') &&
      (seen.bitrateBps ?? 0) > FULL_BPS;
    await until('the stream to be well', look, isWell, RECOVERY_LIMIT);

    const narrowedAt = Date.now();
    narrowCable(lab, SQUEEZED_BPS);
    const named = await until(
      'the network to be named',
      sentence,
      (said) => /the network limits the phone/iu.test(said ?? ''),
      NAMED_LIMIT,
    );
    report(`squeezed to “${(named ?? '').trim()}”`, Date.now() - narrowedAt);
    const squeezed = await until(
      'the stream to fit the network',
      look,
      ({ bitrateBps = Infinity }) => bitrateBps < SQUEEZED_BPS,
    );
    console.log(`measured: squeezed: ${JSON.stringify(squeezed)}`);
    // It is still a picture.
    await wall.untilTileState(streamId, ['live']);

    const widenedAt = Date.now();
    widenCable(lab);
    const recovered = await until('the stream to be well again', look, isWell, RECOVERY_LIMIT);
    report('wide again to all well', Date.now() - widenedAt);
    expect(recovered.fps).toBeGreaterThan(20);
  });
});
