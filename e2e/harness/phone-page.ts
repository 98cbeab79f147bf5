/** A phone: its browser, its camera and either of the two phone pages. */
import type { Page } from 'playwright';
import { openBrowser, type TestBrowser } from './browsers';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';
import { testVideo, type VideoSize } from './test-video';
import { until, type UntilOptions } from './until';

/** What a phone is made of. */
export interface PhoneSettings {
  /** Number of its test video, which is also how evidence calls it. */
  phone: number;
  /** The page it opens; `/stream` unless told. */
  page?: 'stream' | 'mobileStream';
  /** 360p unless told: it costs a quarter. */
  size?: VideoSize;
  /**
   * `video` is one camera that shows the test video. `two-built-in` are two of Chromium's own fake
   * cameras, which a file would replace: the first has green corners, the other yellow ones.
   */
  cameras?: 'video' | 'two-built-in';
  /** Further browser flags. */
  flags?: string[];
  /** An executable instead of Chromium's own. */
  executable?: string;
}

/** Values of the status element's `data-state`. */
export type PhoneState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed';

/** Small portrait phone. */
const VIEWPORT = { width: 390, height: 844 };

/** Drives a phone page by its test hooks alone. */
export class PhonePage {
  private constructor(
    readonly page: Page,
    private readonly browser: TestBrowser,
    readonly phone: number,
  ) {}

  /** Starts a phone's browser, which ends with the stage, and opens an address in it. */
  static async open(stage: Stage, url: string, settings: PhoneSettings): Promise<PhonePage> {
    const browser = await openBrowser(stage, {
      name: `phone${settings.phone}`,
      flags: [...cameraFlags(settings), ...(settings.flags ?? [])],
      context: { viewport: VIEWPORT, hasTouch: true, isMobile: true },
      ...(settings.executable === undefined ? {} : { executable: settings.executable }),
    });
    if (settings.cameras === 'two-built-in') await browser.context.addInitScript(hideDepthCamera);
    const page = await browser.context.newPage();
    await page.goto(url);
    return new PhonePage(page, browser, settings.phone);
  }

  /** Drives a page that is open already. */
  static of(page: Page, browser: TestBrowser, phone: number): PhonePage {
    return new PhonePage(page, browser, phone);
  }

  /** Taps the start button; resolves when the page says that it is live. */
  async start(): Promise<void> {
    await this.tap('start');
    await this.untilState('live');
  }

  /** Taps a control by its hook. */
  async tap(hook: 'start' | 'stop' | 'mute' | 'switch-camera'): Promise<void> {
    await this.page.getByTestId(hook).click();
  }

  /** Names the stream as a person would: in the only field for text the page has. */
  async setName(name: string): Promise<void> {
    await this.nameField.fill(name);
    await this.nameField.blur();
  }

  /** The name the page shows. */
  async name(): Promise<string> {
    return this.nameField.inputValue();
  }

  /** What the page says of its connection. */
  async state(): Promise<string | null> {
    return this.page.getByTestId('status').getAttribute('data-state');
  }

  /** Waits for a state. */
  async untilState(state: PhoneState, options?: UntilOptions): Promise<void> {
    const what = `phone ${this.phone} to be ${state}`;
    await until(
      what,
      () => this.state(),
      (seen) => seen === state,
      options,
    );
  }

  /** Viewers the page shows; null while it shows none. */
  async viewerCount(): Promise<number | null> {
    const shown = this.page.getByTestId('viewer-count');
    if ((await shown.count()) === 0) return null;
    return Number((await shown.textContent()) ?? Number.NaN);
  }

  /** Waits for a number of viewers. */
  async untilViewers(count: number, options?: UntilOptions): Promise<void> {
    const what = `phone ${this.phone} to show ${count} viewers`;
    await until(
      what,
      () => this.viewerCount(),
      (seen) => seen === count,
      options,
    );
  }

  /** Peer connections the page has made since it was loaded, and how many of them are not closed. */
  async connections(): Promise<{ made: number; open: number }> {
    return this.page.evaluate(() => {
      const { connections } = window.sightlineProbe;
      const open = connections.filter((pc) => pc.connectionState !== 'closed');
      return { made: connections.length, open: open.length };
    });
  }

  /** Kills the phone's browser: nothing says goodbye. */
  async kill(): Promise<void> {
    await this.browser.kill();
  }

  private get nameField() {
    return this.page.getByRole('textbox');
  }
}

/** Opens a phone page of a server. */
export async function openPhone(
  stage: Stage,
  server: SignalServer,
  settings: PhoneSettings,
): Promise<PhonePage> {
  return PhonePage.open(stage, server.url(settings.page ?? 'stream'), settings);
}

/** Flags of a browser whose camera is this phone's. */
export function cameraFlags({
  phone,
  size = '640x360',
  cameras = 'video',
}: PhoneSettings): string[] {
  // Without a rate the fake camera runs at 20 frames a second whatever a page asks for.
  const device = `--use-fake-device-for-media-stream=fps=30`;
  if (cameras === 'two-built-in')
    return ['--use-fake-ui-for-media-stream', `${device},device-count=3`];
  return [
    '--use-fake-ui-for-media-stream',
    device,
    `--use-file-for-fake-video-capture=${testVideo(phone, size)}`,
  ];
}

/**
 * The second of Chromium's fake cameras is a depth sensor: a page can show its 16-bit gray, but no
 * encoder takes it, so that nothing of it is ever sent. Runs inside a page.
 */
function hideDepthCamera(): void {
  // Absent on an insecure page.
  if (!Reflect.has(navigator, 'mediaDevices')) return;
  const { mediaDevices } = navigator;
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () =>
    (await list()).filter((device) => device.label !== 'fake_device_1');
}
