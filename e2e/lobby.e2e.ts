/** The lobby: a new phone waits, is seen, and is admitted once or refused. */
import { beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('the lobby', () => {
  const stage = useStage();
  let server: SignalServer;
  let wall: ConsolePage;
  let desk: OperatorDesk;
  let known: PhonePage;

  const waiting = () => wall.page.getByTestId('waiting-phone');

  beforeAll(async () => {
    server = await startServer(stage, { access: 'keys' });
    wall = await openConsole(stage, server);
    desk = new OperatorDesk(wall);
    await until(
      'the console to be connected',
      () => wall.serverState(),
      (state) => state === 'live',
    );
    known = await openPhone(stage, server, { phone: 0 });
    await known.start();
    await wall.untilPictureOf(0);
    await desk.setDoor('hasLobby', true);
  });

  it.each([
    { by: 'keyboard', page: 'stream', phone: 1 },
    { by: 'mouse', page: 'mobileStream', phone: 2 },
  ] as const)('shows who waits, admits by $by, and remembers', async ({ by, page, phone }) => {
    const guest = await openPhone(stage, server, { phone, page });
    await guest.tap('start');
    await waiting().waitFor();
    await wall.page.getByTestId('lobby-badge').getByText('1 waiting').waitFor();
    await waiting()
      .getByRole('img', { name: /^Still picture/u })
      .waitFor();
    expect(await coveredTiles(wall)).toEqual([]);
    expect(await seriousViolations(wall.page)).toEqual([]);
    expect(await wall.tiles()).toHaveLength(phone);

    if (by === 'mouse') await waiting().getByTestId('lobby-admit').click();
    else {
      await wall.page.keyboard.press('a');
      await wall.page.keyboard.press('Enter');
    }
    await guest.untilState('live');
    await wall.untilPictureOf(phone);
    expect(await waiting().count()).toBe(0);

    // It goes on by itself, as after any reload.
    await guest.page.reload();
    await guest.untilState('live');
    await wall.untilPictureOf(phone);
    expect(await waiting().count()).toBe(0);
  });

  it('refuses, and the phone says so', async () => {
    const guest = await openPhone(stage, server, { phone: 3 });
    await guest.tap('start');
    await waiting().getByTestId('lobby-refuse').click();
    await waiting().waitFor({ state: 'detached' });
    await guest.page
      .getByText(/not let|refused|did not/iu)
      .first()
      .waitFor();
    expect(await wall.tiles()).toHaveLength(3);
    await guest.kill();
  });

  it('lets everybody in who waits when it is switched off', async () => {
    const guest = await openPhone(stage, server, { phone: 4 });
    await guest.tap('start');
    await waiting().waitFor();
    await desk.setDoor('hasLobby', false);
    await guest.untilState('live');
    await wall.untilPictureOf(4);
    expect(await waiting().count()).toBe(0);
  });
});

/** Tiles that the lobby lies on. */
async function coveredTiles(wall: ConsolePage): Promise<string[]> {
  return wall.page.evaluate(() => {
    const lobby = document.querySelector('[data-testid="lobby"]')?.getBoundingClientRect();
    if (lobby === undefined) return ['there is no lobby'];
    return [...document.querySelectorAll('[data-testid="tile"]')]
      .filter((tile) => {
        const { left, right, top, bottom } = tile.getBoundingClientRect();
        return left < lobby.right && right > lobby.left && top < lobby.bottom && bottom > lobby.top;
      })
      .map((tile) => tile.getAttribute('data-stream-id') ?? '');
  });
}
