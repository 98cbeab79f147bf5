/** Pictures through a relay: a real coturn, and pages that may use nothing else. */
import type { Page } from 'playwright';
import { beforeEach, describe, expect, it } from 'vitest';
import { findTurnServer } from '../scripts/provision/coturn';
import { openConsole, type ConsolePage } from './harness/console-page';
import { untilMovingAgain } from './harness/moving-again';
import { openPhone, type PhonePage } from './harness/phone-page';
import { report } from './harness/report';
import { startServer } from './harness/signal-server';
import { startTurnServer, type TurnServer } from './harness/turn-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

const SECRET = 'a-secret-that-both-servers-know';

/**
 * A picture that can come is there within two seconds; this time outlasts the first repair as well,
 * in milliseconds.
 */
const NO_PICTURE_MS = 10_000;

/** Statistics come once a second. */
const FIGURE_LIMIT = { timeoutMs: 5_000 };

const obstacle =
  process.platform !== 'linux' && findTurnServer() === undefined
    ? 'coturn is not on this machine; install it'
    : undefined;
if (obstacle !== undefined) console.log(`Pictures through a relay are not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('a relay', () => {
  const stage = useStage('test');
  let relay: TurnServer;
  let wall: ConsolePage;
  let phone: PhonePage;

  beforeEach(async () => {
    relay = await startTurnServer(stage, SECRET);
  });

  const openPages = async ({ secret = SECRET, mayUseOtherWays = false } = {}): Promise<void> => {
    const options = ['--turn', relay.url, '--turn-secret', secret];
    const server = await startServer(stage, { options });
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 5 });
    if (!mayUseOtherWays) {
      await allowRelayOnly(wall.page);
      await allowRelayOnly(phone.page);
    }
    await phone.start();
  };

  const relayMark = (streamId: string) =>
    wall.tileLocator(streamId).getByRole('img', { name: 'Relayed' });

  const isMarked = (streamId: string) =>
    wall.tileLocator(streamId).getByTestId('tile-stats').getAttribute('data-relayed');

  it('carries the picture of a phone, and the tile says so', async () => {
    await openPages();
    const streamId = await wall.untilPictureOf(5);
    const marked = () => isMarked(streamId);
    await until('the tile to be marked', marked, (mark) => mark === 'true', FIGURE_LIMIT);
    await relayMark(streamId).waitFor();
    await wall.page.getByRole('button', { name: 'Statistics' }).click();
    await wall.tileLocator(streamId).getByText('relay – relay, UDP').waitFor();
    // Both ends have an allocation of their own, by credentials that end with their client's id.
    expect(allocations(relay.log, 'success').size).toBe(2);
  });

  it('that starts again carries the picture again, with no reload', async () => {
    await openPages();
    const streamId = await wall.untilPictureOf(5);
    const picture = await wall.watchPicture(streamId);
    await relay.stop();
    await wall.untilTileState(streamId, ['reconnecting', 'frozen'], { timeoutMs: 30_000 });
    const backAt = Date.now();
    await relay.start();
    report('relay back to moving picture', await untilMovingAgain(picture, backAt));
    expect(await wall.untilPictureOf(5)).toBe(streamId);
    await until(
      'the tile to be marked',
      () => isMarked(streamId),
      (mark) => mark === 'true',
    );
  });

  it('that nobody needs is not used, and no tile speaks of it', async () => {
    await openPages({ mayUseOtherWays: true });
    const streamId = await wall.untilPictureOf(5);
    await until(
      'figures to be there',
      () => wall.stats(streamId),
      ({ fps }) => fps !== undefined,
      FIGURE_LIMIT,
    );
    expect(await isMarked(streamId)).toBeNull();
    expect(await relayMark(streamId).count()).toBe(0);
  });

  it('that shares another secret carries nothing, and says why in its log', async () => {
    await openPages({ secret: 'not-the-secret-of-the-relay' });
    const [tile] = await wall.untilTileCount(1);
    const statesOf = await wall.watchStates(tile?.streamId ?? '');
    await until(
      'the relay to refuse both ends',
      () => allocations(relay.log, 'error 401: Unauthorized').size,
      (refused) => refused === 2,
    );
    // That no picture comes shows only in time that passes.
    await pause(NO_PICTURE_MS);
    expect(await statesOf()).not.toContain('live');
    // What Chromium shows before any frame is no phone's picture.
    expect((await wall.readPicture(tile?.streamId ?? ''))?.phone ?? null).toBeNull();
    expect(allocations(relay.log, 'success').size).toBe(0);
  });
});

/** Clients whose request for an allocation ended in some way, by the ids in their credentials. */
function allocations(log: string, outcome: string): Set<string> {
  const lines = log.split('\n').filter((line) => line.includes(outcome));
  return new Set(
    lines.flatMap((line) => /user <\d+:(?<id>[\w-]+)>/u.exec(line)?.groups?.['id'] ?? []),
  );
}

/** Lets the page make connections over relays alone, whatever it asks for, and starts it anew. */
async function allowRelayOnly(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const relayed = (configuration?: RTCConfiguration): RTCConfiguration => ({
      ...configuration,
      iceTransportPolicy: 'relay',
    });
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(relayed(configuration));
      }

      override setConfiguration(configuration?: RTCConfiguration): void {
        super.setConfiguration(relayed(configuration));
      }
    };
  });
  await page.reload();
}
