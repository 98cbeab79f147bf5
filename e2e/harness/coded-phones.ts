/**
 * Many phones for little, whose pictures tell exactly what was lost: each is a phone page in a
 * context of its own, all in one browser, and its camera is a small canvas that counts its frames
 * in the cells of {@link VIDEO_CODE}.
 */
import { openBrowser, type TestBrowser } from './browsers';
import { installPageProbe } from './page-probe';
import { PhonePage } from './phone-page';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';
import { hueOfPhone, VIDEO_CODE, type VideoCode } from './video-code';

/** A picture small enough that a dozen of them fit on a small machine. */
const PICTURE = { width: 320, height: 180, framesPerSecond: 15 };

interface Camera {
  readonly code: VideoCode;
  readonly phone: number;
  readonly hue: number;
  readonly picture: typeof PICTURE;
}

/** A browser full of phones. */
export class CodedPhones {
  private constructor(
    private readonly server: Pick<SignalServer, 'url'>,
    private readonly browser: TestBrowser,
  ) {}

  /** Starts the browser, which ends with the stage. */
  static async open(stage: Stage, server: Pick<SignalServer, 'url'>): Promise<CodedPhones> {
    const browser = await openBrowser(stage, {
      name: 'coded phones',
      flags: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        // Pages of one site may share a process: a dozen processes are nothing a phone would need.
        '--renderer-process-limit=4',
      ],
    });
    return new CodedPhones(server, browser);
  }

  /** What its pages printed as errors, or did not catch. */
  errors(): string[] {
    return this.browser.recorder.errors();
  }

  /** Opens the page of one more phone, which is a stranger to the others; up to 16 differ. */
  async add(phone: number, page: 'stream' | 'mobileStream' = 'mobileStream'): Promise<PhonePage> {
    // A context of its own is a phone of its own: nothing is remembered in common.
    const context = await this.browser.browser.newContext({
      viewport: { width: 390, height: 844 },
    });
    await context.addInitScript('globalThis.__name ??= (named) => named;');
    await context.addInitScript(installPageProbe, VIDEO_CODE);
    const camera: Camera = { code: VIDEO_CODE, phone, hue: hueOfPhone(phone), picture: PICTURE };
    await context.addInitScript(filmCode, camera);
    const opened = await context.newPage();
    this.browser.recorder.record(opened);
    await opened.goto(this.server.url(page));
    return PhonePage.of(opened, this.browser, phone);
  }
}

/** Closes the page of a phone of {@link CodedPhones} and all that its browser knows of it. */
export async function leave(phone: PhonePage): Promise<void> {
  await phone.page.context().close();
}

/** Runs inside a page. */
function filmCode({ code, phone, hue, picture }: Camera): void {
  const { width, height, framesPerSecond } = picture;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);

  mediaDevices.getUserMedia = async ({ audio = false, video = false } = {}) => {
    const stream = audio === false ? new MediaStream() : await open({ audio });
    if (video === false) return stream;
    for (const track of canvas.captureStream(framesPerSecond).getVideoTracks()) {
      stream.addTrack(track);
    }
    return stream;
  };

  const bitCount = code.phoneBits + code.frameBits;
  const row = height / code.rows;
  let frame = 0;
  const paint = () => {
    frame = (frame + 1) % 2 ** code.frameBits;
    const value = phone * 2 ** code.frameBits + frame;
    context.fillStyle = '#7e7e7e';
    context.fillRect(0, 0, width, row * (code.body - 1));
    context.fillStyle = `hsl(${hue} 60% 50%)`;
    context.fillRect(0, row * (code.body - 1), width, height);
    for (let bit = 0; bit < bitCount; bit += 1) {
      const isSet = ((value >> (bitCount - 1 - bit)) & 1) === 1;
      const left = Math.round(((bit + 1) * width) / code.columns);
      const right = Math.round(((bit + 2) * width) / code.columns);
      for (const [span, isWhite] of [
        [code.cells, isSet],
        [code.inverted, !isSet],
      ] as const) {
        context.fillStyle = isWhite ? '#fff' : '#000';
        context.fillRect(left, span[0] * row, right - left, (span[1] - span[0]) * row);
      }
    }
  };
  setInterval(paint, 1_000 / framesPerSecond);
}
