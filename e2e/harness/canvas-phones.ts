/**
 * Many phones for little: each is the light phone page in a context of its own, all in one browser,
 * and its camera is a small canvas, so that encoding costs next to nothing. The microphone is
 * Chromium's fake one, which beeps.
 */
import type { Page } from 'playwright';
import { openBrowser } from './browsers';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';

/** A picture small enough that two dozen of them fit on a small machine. */
const PICTURE = { width: 320, height: 180, framesPerSecond: 10 };

type Picture = typeof PICTURE;

/** Starts as many phones, one after the other; resolves when all of them tapped Start. */
export async function openCanvasPhones(
  stage: Stage,
  server: SignalServer,
  count: number,
): Promise<Page[]> {
  const { browser } = await openBrowser(stage, {
    name: 'canvas phones',
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // Pages of one site may share a process: two dozen processes are nothing a phone would need.
      '--renderer-process-limit=4',
    ],
  });
  const pages: Page[] = [];
  for (let phone = 0; phone < count; phone += 1) {
    // A context of its own is a phone of its own: nothing is remembered in common.
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await context.addInitScript('globalThis.__name ??= (named) => named;');
    await context.addInitScript(filmCanvas, PICTURE);
    const page = await context.newPage();
    await page.goto(server.url('mobileStream'));
    await page.getByTestId('start').click();
    pages.push(page);
  }
  return pages;
}

/** Runs inside a page. */
function filmCanvas({ width, height, framesPerSecond }: Picture): void {
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

  let step = 0;
  setInterval(() => {
    step += 1;
    context.fillStyle = `hsl(${step % 360} 50% 40%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#fff';
    context.fillRect((step * 8) % width, height / 3, width / 8, height / 3);
  }, 1_000 / framesPerSecond);
}
