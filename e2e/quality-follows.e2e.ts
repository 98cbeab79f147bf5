/** What phones send follows what each console shows of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { openPhone, type PhonePage } from './harness/phone-page';
import { readSentVideo, untilEncodingStands, type SentVideo } from './harness/sent-video';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('quality that follows the tile', () => {
  const stage = useStage();
  let server: SignalServer;
  let wall: ConsolePage;
  let phone: PhonePage;
  let streamId: string;

  beforeAll(async () => {
    server = await startServer(stage);
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 0, size: '1280x720' });
    await phone.start();
    streamId = await wall.untilPictureOf(0);
  });

  it('sends a small tile a small picture, and a large one the full picture', async () => {
    await wall.page.setViewportSize({ width: 480, height: 360 });
    await untilShown(wall, (width) => width > 0 && width <= 640);
    await until('the phone to send less', sentVideo, (sent) => widest(sent) <= 640);
    await wall.page.setViewportSize({ width: 1440, height: 900 });
    await untilShown(wall, (width) => width === 1280);
  });

  it('sends nothing to a hidden console, keeps its picture, and comes back', async () => {
    const endStates = await wall.watchStates(streamId);
    await wall.setHidden(true);
    await untilEncodingStands(phone);
    expect(await wall.readPicture(streamId)).toBeDefined();
    const watch = await wall.watchPicture(streamId);
    await wall.setHidden(false);
    await until(
      'the picture to move again',
      () => watch.changes(),
      (seen) => seen.length > 2,
    );
    await watch.end();
    expect(await endStates()).toEqual(['live']);
  });

  it('gives two consoles what each can show', async () => {
    const small = await openConsole(stage, server, { name: 'small' });
    await small.page.setViewportSize({ width: 480, height: 360 });
    await small.untilPictureOf(0);
    await untilShown(small, (width) => width > 0 && width <= 640);
    await untilShown(wall, (width) => width === 1280);
    const widths = (await until('two sizes', sentVideo, (sent) => sent.length === 2)).map(
      ({ width }) => width,
    );
    expect(Math.max(...widths)).toBe(1280);
    expect(Math.min(...widths)).toBeLessThanOrEqual(640);
  });

  it('takes exact values, pinned against the tile', async () => {
    await new OperatorDesk(wall).choose(streamId, 'quality', 'mouse');
    await wall.page.getByTestId('quality-exact').check();
    await wall.page.getByTestId('exact-scale').selectOption('0.5');
    await wall.page.getByTestId('quality-pin').check();
    await untilShown(wall, (width) => width === 640);
    await wall.page.getByTestId('quality-auto').check();
    await untilShown(wall, (width) => width === 1280);
    await wall.page.keyboard.press('Escape');
  });

  async function sentVideo(): Promise<SentVideo[]> {
    return phone.page.evaluate(readSentVideo);
  }

  async function untilShown(
    console: ConsolePage,
    isRight: (width: number) => boolean,
  ): Promise<void> {
    const video = console.tileLocator(streamId).locator('video');
    await until(
      'the width that is shown',
      () => video.evaluate((element) => (element as HTMLVideoElement).videoWidth),
      isRight,
    );
  }
});

function widest(sent: readonly SentVideo[]): number {
  return Math.max(...sent.map(({ width }) => width));
}
