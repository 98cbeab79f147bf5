/** A bare wall and its senders, handed offers and answers by the harness. */
import type { Browser, Page } from 'playwright';
import { SEND_SETTINGS } from '../../pwa/streaming/send-settings';
import { withStartBitrate } from '../../signal/rtc/sdp';
import { installBareSenders, type Place } from './bare-wall-pages';
import type { FilmServer } from './film';
import { installFilmCamera } from './film-camera';
import { cameraSettings } from './film-phones';

/** See the head of this file. */
export class BareWall {
  #count = 0;

  private constructor(
    private readonly senders: Page,
    /** The page with the pictures; it has `installBareTiles`. */
    readonly page: Page,
  ) {}

  /** Opens the sending page beside the wall, which is open. */
  static async open(phones: Browser, film: FilmServer, page: Page): Promise<BareWall> {
    const context = await phones.newContext();
    await context.addInitScript('globalThis.__name ??= (named) => named;');
    await context.addInitScript(installFilmCamera, cameraSettings(film));
    await context.addInitScript(installBareSenders);
    const senders = await context.newPage();
    await senders.goto(film.pageUrl);
    return new BareWall(senders, page);
  }

  /** Connects senders until there are as many as places, and lays the pictures out. */
  async grow(places: readonly Place[]): Promise<void> {
    const missing = places.length - this.#count;
    if (missing > 0) {
      this.#count = places.length;
      const offers = await this.senders.evaluate(
        (count) => window.bareSenders.call(count),
        missing,
      );
      const answers = await this.page.evaluate((sent) => window.bareTiles.answer(sent), offers);
      await this.senders.evaluate(
        (sent) => window.bareSenders.answered(sent),
        answers.map((sdp) => withStartBitrate(sdp, SEND_SETTINGS.startBitrateBps)),
      );
    }
    await this.page.evaluate((wanted) => window.bareTiles.place(wanted), places);
  }

  /** Sends pictures, or none. */
  async roll(isRolling: boolean): Promise<void> {
    await this.senders.evaluate((wanted) => window.benchCamera.roll(wanted), isRolling);
  }
}
