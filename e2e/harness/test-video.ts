/**
 * Moving test pictures, one for each phone: its own hue, a pattern that wanders, and the cells of
 * {@link VIDEO_CODE}. Written as YUV4MPEG2 (y4m), which Chromium plays as a camera and repeats for
 * ever.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/build/paths';
import { hueOfPhone, VIDEO_CODE } from './video-code';

/** Sizes that phones can be given. 720p costs four times the computing of 360p. */
export type VideoSize = '1280x720' | '640x360';

/** Frames before a video repeats: two seconds. */
export const FRAME_COUNT = 60;

/** Raised whenever the picture changes, so that no stale file is used. */
const REVISION = 2;

const FRAMES_PER_SECOND = 30;
const BLACK = 16;
const WHITE = 235;
const GRAY = 126;

const cacheDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'videos');

/**
 * Path of a phone's video, which is generated when it is not there yet: 83 MB in 720p, 21 MB in
 * 360p.
 */
export function testVideo(phone: number, size: VideoSize): string {
  const file = path.join(cacheDir, `phone${phone}-${size}-r${REVISION}.y4m`);
  if (existsSync(file)) return file;
  mkdirSync(cacheDir, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  writeVideo(unfinished, phone, size);
  renameSync(unfinished, file);
  return file;
}

function writeVideo(file: string, phone: number, size: VideoSize): void {
  const [width, height] = size === '1280x720' ? [1280, 720] : [640, 360];
  const texture = makeTexture(width, height);
  const [u, v] = chromaOf(hueOfPhone(phone));
  const luma = Buffer.alloc(width * height);
  const output = openSync(file, 'w');
  try {
    // C420jpeg names the position of the chroma samples; the values keep to the video range.
    writeSync(output, `YUV4MPEG2 W${width} H${height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
    const chroma = drawChroma(width, height, u, v);
    for (let frame = 0; frame < FRAME_COUNT; frame += 1) {
      drawBody(luma, texture, width, height, frame);
      drawCode(luma, width, height, phone, frame);
      writeSync(output, 'FRAME\n');
      writeSync(output, luma);
      writeSync(output, chroma);
    }
  } finally {
    closeSync(output);
  }
}

/** Waves with a fine grain, so that an encoder has something to do; repeats over the width. */
function makeTexture(width: number, height: number): Buffer {
  const texture = Buffer.alloc(width * height);
  const grain = Math.max(2, Math.round(height / 90));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const wave =
        Math.sin((2 * Math.PI * 3 * x) / width) * Math.cos((2 * Math.PI * 2 * y) / height);
      const cell = Math.floor(x / grain) * 7919 + Math.floor(y / grain) * 104_729;
      const noise = ((cell * 2_654_435_761) % 4096) / 4096 - 0.5;
      texture[y * width + x] = Math.round(120 + 22 * wave + 14 * noise);
    }
  }
  return texture;
}

/** The texture, moved on by one step of the way round, and a bright bar that runs over it. */
function drawBody(
  luma: Buffer,
  texture: Buffer,
  width: number,
  height: number,
  frame: number,
): void {
  const shift = Math.round((frame * width) / FRAME_COUNT);
  const barWidth = Math.round(width / 16);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    texture.copy(luma, row, row + shift, row + width);
    texture.copy(luma, row + width - shift, row, row + shift);
    luma.fill(170, row + Math.max(0, shift - barWidth), row + shift);
  }
}

function drawCode(luma: Buffer, width: number, height: number, phone: number, frame: number): void {
  const { phoneBits, frameBits, columns, rows, cells, inverted, body } = VIDEO_CODE;
  const bitCount = phoneBits + frameBits;
  const value = phone * 2 ** frameBits + frame;
  luma.fill(GRAY, 0, Math.round((body - 1) * (height / rows)) * width);
  for (let bit = 0; bit < bitCount; bit += 1) {
    const isSet = (value >> (bitCount - 1 - bit)) & 1;
    const left = Math.round(((bit + 1) * width) / columns);
    const right = Math.round(((bit + 2) * width) / columns);
    for (const [span, isWhite] of [
      [cells, isSet === 1],
      [inverted, isSet === 0],
    ] as const) {
      const top = Math.round((span[0] * height) / rows);
      const bottom = Math.round((span[1] * height) / rows);
      for (let y = top; y < bottom; y += 1) {
        luma.fill(isWhite ? WHITE : BLACK, y * width + left, y * width + right);
      }
    }
  }
}

/** Colorless where the code is, the phone's hue below. Both planes, a quarter of the size each. */
function drawChroma(width: number, height: number, u: number, v: number): Buffer {
  const [chromaWidth, chromaHeight] = [width / 2, height / 2];
  const bodyFrom =
    Math.round(((VIDEO_CODE.body - 1) * chromaHeight) / VIDEO_CODE.rows) * chromaWidth;
  const plane = chromaWidth * chromaHeight;
  const planes = Buffer.alloc(plane * 2, 128);
  planes.fill(u, bodyFrom, plane);
  planes.fill(v, plane + bodyFrom, plane * 2);
  return planes;
}

/** Chroma of a hue at medium lightness and saturation (ITU-R BT.601, video range). */
function chromaOf(hue: number): [u: number, v: number] {
  const channel = (offset: number) => {
    const place = (offset + hue / 30) % 12;
    return 0.5 - 0.3 * Math.max(-1, Math.min(place - 3, 9 - place, 1));
  };
  const [red, green, blue] = [channel(0), channel(8), channel(4)];
  return [
    Math.round(128 + 224 * (-0.1687 * red - 0.3313 * green + 0.5 * blue)),
    Math.round(128 + 224 * (0.5 * red - 0.4187 * green - 0.0813 * blue)),
  ];
}
