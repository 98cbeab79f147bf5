/**
 * Many phones for little: each is the light phone page in a context of its own, a dozen in one
 * browser, and its camera is a small canvas, so that encoding costs next to nothing. The picture has
 * the phone's own hue and its code, as a test video has. A microphone hears noise, and is what costs
 * most: sound takes more than all the rest of such a phone.
 */
import type { Browser, Page } from 'playwright';
import { openBrowser } from './browsers';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';
import { testSound } from './test-sound';
import { hueOfPhone, VIDEO_CODE, type VideoCode } from './video-code';

/** What the cameras film. */
export interface CanvasPicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** What the phones are. */
export interface CanvasPhones {
  readonly count: number;
  readonly picture: CanvasPicture;
  /** Whether a phone, by its number, has a microphone at all. */
  readonly hasMicrophone: (phone: number) => boolean;
}

/** Pages that are loaded at the same time: more of them wait for each other. */
const AT_ONCE = 5;

/** Chromium opens 16 microphones at most (`kMaxInputStreams`); further pages get none. */
const PHONES_PER_BROWSER = 13;

/** What nobody looks at should cost little to draw. */
const VIEWPORT = { width: 320, height: 480 };

/** What one phone's page is told to film. */
interface Film extends CanvasPicture {
  readonly phone: number;
  readonly hasMicrophone: boolean;
  readonly hue: number;
  readonly code: VideoCode;
}

/**
 * Starts as many phones, a few at a time; resolves when all of them tapped Start. They are called
 * `Camera 0` and so on, which is also the phone of their pictures' code.
 */
export async function openCanvasPhones(
  stage: Stage,
  server: SignalServer,
  { count, picture, hasMicrophone }: CanvasPhones,
): Promise<Page[]> {
  const browsers: Browser[] = [];
  for (let first = 0; first < count; first += PHONES_PER_BROWSER) {
    const { browser } = await openBrowser(stage, {
      name: `canvas phones from ${first}`,
      flags: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${testSound()}`,
        // Pages of one site may share a process: two dozen are nothing a phone would need.
        '--renderer-process-limit=2',
      ],
    });
    browsers.push(browser);
  }
  const url = server.url('mobileStream');
  const pages: Page[] = [];
  while (pages.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - pages.length) }, (_, index) => {
      const phone = pages.length + index;
      const browser = browsers[Math.floor(phone / PHONES_PER_BROWSER)];
      if (browser === undefined) throw new Error(`There is no browser for phone ${phone}.`);
      const film: Film = {
        ...picture,
        phone,
        hasMicrophone: hasMicrophone(phone),
        hue: hueOfPhone(phone),
        code: VIDEO_CODE,
      };
      return openPage(browser, url, film);
    });
    pages.push(...(await Promise.all(next)));
  }
  return pages;
}

async function openPage(browser: Browser, url: string, film: Film): Promise<Page> {
  // A context of its own is a phone of its own: nothing is remembered in common.
  const context = await browser.newContext({ viewport: VIEWPORT });
  await context.addInitScript('globalThis.__name ??= (named) => named;');
  await context.addInitScript(filmCanvas, film);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByTestId('stream-name').fill(`Camera ${film.phone}`);
  await page.getByTestId('preview').evaluate((preview) => {
    if (preview instanceof HTMLElement) preview.style.visibility = 'hidden';
  });
  await page.getByTestId('start').click();
  return page;
}

/** Runs inside a page. */
function filmCanvas(film: Film): void {
  const { width, height, framesPerSecond, phone, hasMicrophone, hue, code } = film;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);

  // Cleaning the sound of two dozen microphones would take a processor of its own.
  const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  mediaDevices.getUserMedia = async ({ audio = false, video = false } = {}) => {
    if (audio !== false && !hasMicrophone) {
      throw new DOMException('Requested device not found', 'NotFoundError');
    }
    const stream = audio === false ? new MediaStream() : await open({ audio: sound });
    if (video === false) return stream;
    for (const track of canvas.captureStream(framesPerSecond).getVideoTracks()) {
      stream.addTrack(track);
    }
    return stream;
  };

  const row = height / code.rows;
  const column = width / code.columns;
  const bits = code.phoneBits + code.frameBits;

  const drawCode = (frame: number): void => {
    context.fillStyle = '#808080';
    context.fillRect(0, 0, width, row * (code.body - 1));
    const value = phone * 2 ** code.frameBits + (frame % 2 ** code.frameBits);
    for (let bit = 0; bit < bits; bit += 1) {
      const isSet = ((value >> (bits - 1 - bit)) & 1) === 1;
      for (const [[top, bottom], isWhite] of [
        [code.cells, isSet],
        [code.inverted, !isSet],
      ] as const) {
        context.fillStyle = isWhite ? '#fff' : '#000';
        context.fillRect(column * (bit + 1), row * top, column, row * (bottom - top));
      }
    }
  };

  let frame = 0;
  setInterval(() => {
    frame += 1;
    context.fillStyle = `hsl(${hue} 60% 45%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = `hsl(${hue} 60% 65%)`;
    context.fillRect((frame * 8) % width, height / 2, width / 8, height / 3);
    drawCode(frame);
  }, 1_000 / framesPerSecond);
}
