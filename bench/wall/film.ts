/**
 * What all phones of a wall film, both Sightline's and the bare ones: a few seconds of VP8, encoded
 * once. Two dozen encoders would take more processor than the wall that is to be measured, so what
 * each phone's own encoder makes of a tiny picture is replaced, frame by frame, by the film; see
 * `film-camera.ts`. Every tile of every wall so decodes the very same bits.
 */
import type { Browser } from 'playwright';
import type { Stage } from '../../e2e/harness/stage';
import { servePage } from '../bare/serve-page';

/** What the film is. */
export interface FilmShape {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitrateBps: number;
  /** How many frames until it begins anew. */
  readonly frames: number;
}

/** What `a bare page paints forty of on one core` is said of, and what Sightline's phones spend. */
export const FILM: FilmShape = {
  width: 640,
  height: 360,
  framesPerSecond: 15,
  bitrateBps: 540_000,
  frames: 90,
};

/** Where pages fetch the film, and find an empty page of an origin that may connect. */
export interface FilmServer {
  readonly filmUrl: string;
  readonly pageUrl: string;
}

/** All that is served besides the film; the wall's own color, so that both walls paint alike. */
const PAGE = `<!doctype html><title>Bare</title>
<style>body { margin: 0; background: #0b0e13 } video { position: absolute; object-fit: contain }</style>`;

/** Makes the film in a browser that is open, and serves it until the stage ends. */
export async function serveFilm(stage: Stage, browser: Browser): Promise<FilmServer> {
  let film: Uint8Array = new Uint8Array();
  const pageUrl = await servePage(stage, (request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    if (request.url === '/film') response.end(film);
    else response.setHeader('content-type', 'text/html').end(PAGE);
  });
  const context = await browser.newContext();
  await context.addInitScript('globalThis.__name ??= (named) => named;');
  const page = await context.newPage();
  // Encoders are there in secure pages only, which those of this machine are.
  await page.goto(pageUrl);
  film = packed(await page.evaluate(encodeFilm, FILM));
  await context.close();
  return { filmUrl: `${pageUrl}film`, pageUrl };
}

/** Each frame with its length before it, as `film-camera.ts` reads it. */
function packed(frames: readonly string[]): Uint8Array {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const bytes = Buffer.from(frame, 'base64');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Encodes the film: a grain that moves over a bright ground. Runs inside a page. */
async function encodeFilm(shape: FilmShape): Promise<string[]> {
  const { width, height, framesPerSecond, bitrateBps: bitrate, frames } = shape;
  const encoded: string[] = [];
  let failure: DOMException | undefined;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      encoded.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
    },
    error: (error) => (failure = error),
  });
  encoder.configure({
    codec: 'vp8',
    width,
    height,
    bitrate,
    framerate: framesPerSecond,
    latencyMode: 'realtime',
  });

  const sheet = new OffscreenCanvas(width * 2, height);
  const drawing = sheet.getContext('2d');
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (drawing === null || context === null) throw new Error('There is no canvas to draw on.');
  const side = 8;
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      drawing.fillStyle = `hsl(${(left + top) % 360} 50% ${40 + Math.random() * 20}%)`;
      drawing.fillRect(left, top, side, side);
      drawing.fillRect(left + width, top, side, side);
    }
  }
  for (let frame = 0; frame < frames; frame += 1) {
    context.drawImage(sheet, -((frame * 6) % width), 0);
    context.fillStyle = '#fff';
    context.fillRect((frame * 12) % width, height / 3, width / 10, height / 4);
    const timestamp = Math.round((frame * 1_000_000) / framesPerSecond);
    const picture = new VideoFrame(canvas, { timestamp });
    encoder.encode(picture, { keyFrame: frame === 0 });
    picture.close();
  }
  await encoder.flush();
  encoder.close();
  if (failure !== undefined) throw failure;
  return encoded;
}
