/** One server, one phone and one console of Sightline, to be joined again and again. */
import type { Page } from 'playwright';
import { openBrowser, type TestBrowser } from '../../e2e/harness/browsers';
import { ConsolePage } from '../../e2e/harness/console-page';
import { openPhone, type PhonePage } from '../../e2e/harness/phone-page';
import { startServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { pause, until } from '../../e2e/harness/until';
import {
  coolCamera,
  forgetJoin,
  joinSinceOpening,
  joinSinceTap,
  NEW_TAB_REST_MS,
  type JoinTimes,
} from './join-times';
import { installStageMarks } from './stage-marks';

/** Desk of a console. */
export const DESK = { width: 1440, height: 900 };

/** See the head of this file. */
export class SightlineRoom {
  #wall: Page | undefined;

  private constructor(
    readonly desk: TestBrowser,
    private readonly phone: PhonePage,
    private readonly consoleUrl: string,
  ) {}

  /** Opens server, phone and desk; no console yet. */
  static async open(stage: Stage): Promise<SightlineRoom> {
    const server = await startServer(stage);
    const desk = await openBrowser(stage, { name: 'console', context: { viewport: DESK } });
    const phone = await openPhone(stage, server, { phone: 0, size: '1280x720' });
    await phone.page.addInitScript(installStageMarks);
    await phone.page.reload();
    return new SightlineRoom(desk, phone, server.url('liveStreams'));
  }

  /** From the tap on Start to the first picture on the waiting wall. */
  async joinByTap(): Promise<JoinTimes> {
    const wall = await this.#waitingWall();
    await forgetJoin(wall);
    await forgetJoin(this.phone.page);
    await this.phone.tap('start');
    const times = await joinSinceTap(this.phone.page, wall);
    await this.phone.tap('stop');
    await this.phone.untilState('idle');
    await coolCamera(this.phone.page.context().browser());
    return times;
  }

  /** Goes live with nobody watching. */
  async goLive(): Promise<void> {
    await this.#wall?.close();
    this.#wall = undefined;
    await this.phone.start();
    await this.phone.untilViewers(0);
  }

  /** From opening the console to its first picture. */
  async joinByOpening(): Promise<JoinTimes> {
    await this.phone.untilViewers(0);
    const page = await this.desk.context.newPage();
    await page.addInitScript(installStageMarks);
    await pause(NEW_TAB_REST_MS);
    await page.goto(this.consoleUrl, { waitUntil: 'commit' });
    const times = await joinSinceOpening(page);
    await page.close();
    return times;
  }

  /** A console that knows of no stream: a tile would stay for a while after its stream stopped. */
  async #waitingWall(): Promise<Page> {
    if (this.#wall === undefined) {
      this.#wall = await this.desk.context.newPage();
      await this.#wall.addInitScript(installStageMarks);
      await this.#wall.goto(this.consoleUrl);
    } else {
      await this.#wall.reload();
    }
    const wall = new ConsolePage(this.#wall);
    await until(
      'the console to be connected',
      () => wall.serverState(),
      (state) => state === 'live',
    );
    await wall.untilTileCount(0);
    await pause(NEW_TAB_REST_MS);
    return this.#wall;
  }
}
