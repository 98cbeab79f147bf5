/**
 * A bare phone and its viewers, with nothing between them: offers, answers and candidates are
 * handed from page to page by the harness. It is what a connection takes at the very least, with
 * the same camera, the same codec first and the same bitrates as Sightline's.
 */
import type { BrowserContext, Page } from 'playwright';
import type { Stage } from '../../e2e/harness/stage';
import { pause } from '../../e2e/harness/until';
import { AUDIO_CONSTRAINTS, videoConstraints } from '../../pwa/capture/constraints';
import { SEND_SETTINGS } from '../../pwa/streaming/send-settings';
import { withStartBitrate } from '../../signal/rtc/sdp';
import { installBarePhone, type BareSending } from './bare-phone-page';
import type { BareSignal } from './bare-signal';
import { installBareViewer } from './bare-viewer-page';
import { servePage } from './serve-page';

/** What Sightline's phones capture and send, for a bare one; see `pwa/streaming/send-settings.ts`. */
export const SAME_SENDING: BareSending = {
  constraints: {
    video: videoConstraints({ kind: 'facing', facing: 'environment' }),
    audio: AUDIO_CONSTRAINTS,
  },
  maxBitrateBps: SEND_SETTINGS.maxBitrateBps,
  maxFramerate: SEND_SETTINGS.maxFramerate,
  // What phones without an encoder in hardware put first, as the machines of a bench are.
  codec: 'video/vp8',
  hasPreview: false,
};

const PAGE = `<!doctype html><title>Bare</title>
<style>body { margin: 0; background: #000 } video { width: 100vw; height: 100vh }</style>`;

/** How a bare room differs from {@link SAME_SENDING}, and what its pages carry besides. */
export interface BareRoomOptions {
  readonly sending?: Partial<BareSending>;
  /** Run inside every page before anything else of ours. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** See the head of this file. */
export class BareRoom {
  readonly #viewers = new Map<number, Page>();
  readonly #failures: unknown[] = [];
  #count = 0;

  private constructor(
    private readonly url: string,
    readonly phone: Page,
    private readonly options: BareRoomOptions,
  ) {}

  /** Opens the phone's page. Both pages live as long as their browsers. */
  static async open(
    stage: Stage,
    phones: BrowserContext,
    options: BareRoomOptions = {},
  ): Promise<BareRoom> {
    const url = await servePage(stage, (_request, response) => {
      response.setHeader('content-type', 'text/html').end(PAGE);
    });
    const phone = await phones.newPage();
    const room = new BareRoom(url, phone, options);
    await options.prepare?.(phone);
    await phone.exposeFunction('bareSend', (viewer: number, signal: BareSignal) => {
      const page = room.#viewers.get(viewer);
      if (page !== undefined) room.#carry(page, viewer, signal);
    });
    await phone.addInitScript(installBarePhone, { ...SAME_SENDING, ...options.sending });
    await phone.goto(url);
    return room;
  }

  /**
   * Opens a viewer, which is called as soon as it is ready and the camera open.
   * @param restMs - how long its tab may settle before, in milliseconds
   */
  async addViewer(viewers: BrowserContext, { restMs = 0 } = {}): Promise<Page> {
    const page = await viewers.newPage();
    this.#count += 1;
    const viewer = this.#count;
    this.#viewers.set(viewer, page);
    await this.options.prepare?.(page);
    await page.exposeFunction('bareSend', (_viewer: number, signal: BareSignal) => {
      this.#carry(this.phone, viewer, started(signal));
    });
    await page.addInitScript(installBareViewer, viewer);
    await pause(restMs);
    await page.goto(this.url, { waitUntil: 'commit' });
    return page;
  }

  /** Takes a viewer away. */
  async removeViewer(page: Page): Promise<void> {
    for (const [viewer, known] of this.#viewers) {
      if (known !== page) continue;
      this.#viewers.delete(viewer);
      await this.phone.evaluate((id) => window.bareTake(id, { kind: 'bye' }), viewer);
    }
    await page.close();
  }

  /** Taps the button: camera on, viewers called. */
  async start(): Promise<void> {
    await this.phone.getByTestId('start').click();
  }

  /** Camera off, all connections closed; viewers stay. */
  async stop(): Promise<void> {
    await this.phone.evaluate(() => window.barePhone.release());
    this.requireNoFailure();
  }

  /** Lets the phone send pictures, or rest. */
  async setSending(isOn: boolean): Promise<void> {
    await this.phone.evaluate((on) => window.barePhone.setSending(on), isOn);
  }

  /** @throws Error when a page could not take what it was handed. */
  requireNoFailure(): void {
    if (this.#failures.length === 0) return;
    throw new AggregateError(this.#failures.splice(0), 'The bare connection failed.');
  }

  #carry(page: Page, viewer: number, signal: BareSignal): void {
    page
      .evaluate(([id, sent]) => window.bareTake(id, sent), [viewer, signal] as const)
      .catch((error: unknown) => {
        // Who was closed meanwhile takes nothing.
        if (!page.isClosed()) this.#failures.push(error);
      });
  }
}

/** An answer lets the phone start at the bitrate that Sightline's start at. */
function started(signal: BareSignal): BareSignal {
  if (signal.kind !== 'description') return signal;
  const { type, sdp = '' } = signal.description;
  const startBitrateBps = SEND_SETTINGS.startBitrateBps;
  return { ...signal, description: { type, sdp: withStartBitrate(sdp, startBitrateBps) } };
}
