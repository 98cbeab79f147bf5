/** The same joins between bare pages. */
import type { Page } from 'playwright';
import { openBrowser, type TestBrowser } from '../../e2e/harness/browsers';
import { cameraFlags } from '../../e2e/harness/phone-page';
import type { Stage } from '../../e2e/harness/stage';
import { pause } from '../../e2e/harness/until';
import { BareRoom } from '../bare/bare-room';
import {
  coolCamera,
  forgetJoin,
  joinSinceOpening,
  joinSinceTap,
  NEW_TAB_REST_MS,
  type JoinTimes,
} from './join-times';
import { DESK } from './sightline-room';
import { installStageMarks } from './stage-marks';

/** One bare phone and one bare viewer, to be joined again and again. */
export class BareJoins {
  #viewer: Page | undefined;

  private constructor(
    readonly desk: TestBrowser,
    private readonly room: BareRoom,
  ) {}

  /** Opens both browsers, and the phone's page. */
  static async open(stage: Stage): Promise<BareJoins> {
    const desk = await openBrowser(stage, { name: 'bare viewer', context: { viewport: DESK } });
    const phone = await openBrowser(stage, {
      name: 'bare phone',
      flags: cameraFlags({ phone: 1, size: '1280x720' }),
      context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    });
    const room = await BareRoom.open(stage, phone.context, {
      prepare: (page) => page.addInitScript(installStageMarks),
    });
    return new BareJoins(desk, room);
  }

  /** From the tap to the first picture at the waiting viewer. */
  async joinByTap(): Promise<JoinTimes> {
    this.#viewer ??= await this.room.addViewer(this.desk.context);
    await this.#viewer.waitForLoadState();
    // As long as the console of Sightline, which has just been loaded.
    await pause(NEW_TAB_REST_MS);
    await forgetJoin(this.#viewer);
    await forgetJoin(this.room.phone);
    await this.room.start();
    const times = await joinSinceTap(this.room.phone, this.#viewer);
    await this.room.stop();
    await coolCamera(this.room.phone.context().browser());
    return times;
  }

  /** Opens the camera with nobody watching. */
  async goLive(): Promise<void> {
    if (this.#viewer !== undefined) await this.room.removeViewer(this.#viewer);
    this.#viewer = undefined;
    await this.room.start();
    await this.room.phone.waitForFunction(() => window.benchSteps.camera !== undefined);
  }

  /** From opening the viewer's page to its first picture. */
  async joinByOpening(): Promise<JoinTimes> {
    const viewer = await this.room.addViewer(this.desk.context, { restMs: NEW_TAB_REST_MS });
    const times = await joinSinceOpening(viewer);
    await this.room.removeViewer(viewer);
    this.room.requireNoFailure();
    return times;
  }
}
