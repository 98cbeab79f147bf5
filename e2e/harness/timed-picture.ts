/**
 * A camera whose pictures carry the time at which they were drawn, and the reading of it at the
 * other end: what a latency is measured against. Phone and console run on one machine, so that
 * both have the same wall clock.
 */
import type { Page } from 'playwright';

/** Black or white cells, one a bit; all of them hold the time of about four hours. */
const CELLS = { columns: 6, rows: 4 } as const;

type Cells = typeof CELLS;

/** What the camera gives. */
export interface TimedPicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Whether a moving grain lies over it, so that encoding costs what it costs on real pictures. */
  readonly hasGrain: boolean;
}

const PLAIN: TimedPicture = { width: 640, height: 360, framesPerSecond: 30, hasGrain: false };

/** How old the picture was at some moment; both in milliseconds. */
export interface PictureAge {
  /** By the wall clock. */
  readonly at: number;
  readonly ageMs: number;
}

declare global {
  interface Window {
    sightlinePictureAges: { readonly at: number; readonly ageMs: number }[];
  }
}

/** Gives a phone's page such a camera; loads the page anew. */
export async function installTimedCamera(page: Page): Promise<void> {
  await addTimedCamera(page, PLAIN);
  await page.reload();
}

/** Gives a page such a camera from its next load on. */
export async function addTimedCamera(page: Page, picture: TimedPicture): Promise<void> {
  await page.addInitScript(drawTime, { cells: CELLS, picture });
}

/**
 * Notes how old the pictures of a video element are from now on; what was noted before is forgotten.
 *
 * @param every - one of how many pictures is looked at; enough for several looks a second unless told
 */
export async function watchPictureAge(page: Page, selector: string, every = 5): Promise<void> {
  await page.evaluate(readTime, { selector, every, cells: CELLS });
}

/** Runs inside a page. */
function drawTime({ cells, picture }: { cells: Cells; picture: TimedPicture }): void {
  const { columns, rows } = cells;
  const { width, height, framesPerSecond, hasGrain } = picture;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);

  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const track of stream.getVideoTracks()) {
      stream.removeTrack(track);
      track.stop();
    }
    // Without a rate, or it now and then locks to 20 pictures a second: each drawing is a picture.
    for (const track of canvas.captureStream().getVideoTracks()) {
      // Chromium takes it for one of 60 pictures a second, for which phones would spend more.
      const settings = track.getSettings.bind(track);
      track.getSettings = () => ({ ...settings(), frameRate: framesPerSecond });
      stream.addTrack(track);
    }
    return stream;
  };

  const grain = hasGrain ? makeGrain() : undefined;
  let step = 0;
  setInterval(() => {
    const time = Date.now() % 2 ** (columns * rows);
    for (let bit = 0; bit < columns * rows; bit += 1) {
      const [column, row] = [bit % columns, Math.floor(bit / columns)];
      context.fillStyle = (time >> bit) & 1 ? '#fff' : '#000';
      context.fillRect(
        (column * width) / columns,
        (row * height) / rows,
        width / columns,
        height / rows,
      );
    }
    step += 1;
    if (grain !== undefined) context.drawImage(grain, -((step * 6) % width), 0);
  }, 1_000 / framesPerSecond);

  /** Twice as wide as the picture, over which it moves, and faint enough for cells to be read. */
  function makeGrain(): HTMLCanvasElement {
    const sheet = document.createElement('canvas');
    Object.assign(sheet, { width: width * 2, height });
    const drawing = sheet.getContext('2d');
    if (drawing === null) throw new Error('This browser gives no canvas to draw on.');
    const side = 4;
    for (let top = 0; top < height; top += side) {
      for (let left = 0; left < width; left += side) {
        drawing.fillStyle = `rgb(128 128 128 / ${Math.random() * 0.4})`;
        drawing.fillRect(left, top, side, side);
        drawing.fillRect(left + width, top, side, side);
      }
    }
    return sheet;
  }
}

/** Runs inside a page. */
function readTime({
  selector,
  every,
  cells,
}: {
  selector: string;
  every: number;
  cells: Cells;
}): void {
  const { columns, rows } = cells;
  const video = document.querySelector<HTMLVideoElement>(selector);
  if (video === null) throw new Error(`There is no ${selector}.`);
  // Four pixels a cell each way, and one in its middle is read.
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: columns * 4, height: rows * 4 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no canvas to read pictures with.');
  window.sightlinePictureAges = [];
  // An element that shows a stream again is read already.
  if (video.dataset['agesRead'] !== undefined) return;
  video.dataset['agesRead'] = '';
  let frames = 0;

  const onFrame = (_now: number, { expectedDisplayTime }: VideoFrameCallbackMetadata) => {
    video.requestVideoFrameCallback(onFrame);
    frames += 1;
    if (frames % every !== 0) return;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let time = 0;
    for (let bit = 0; bit < columns * rows; bit += 1) {
      const [column, row] = [bit % columns, Math.floor(bit / columns)];
      const level = data[((row * 4 + 2) * canvas.width + column * 4 + 2) * 4] ?? 0;
      if (level > 127) time += 2 ** bit;
    }
    const at = Date.now();
    const shownAt = at + expectedDisplayTime - performance.now();
    const range = 2 ** (columns * rows);
    const ageMs = (((shownAt - time) % range) + range) % range;
    window.sightlinePictureAges.push({ at, ageMs });
  };
  video.requestVideoFrameCallback(onFrame);
}
