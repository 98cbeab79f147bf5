import { lumaOfLevels, type Luma } from './luma';

/** Pixels that are looked at, in columns and rows: enough to tell a dark scene from no scene. */
const COLUMNS = 16;
const ROWS = 9;

/** Limited-range video has black at 16 and white at 235 (ITU-R BT.709 section 4.6). */
const LIMITED_BLACK = 16;
const LIMITED_SPAN = 219;

/** Formats whose first plane is the brightness, one byte for each pixel. */
const PLANAR: readonly (string | null)[] = ['I420', 'I420A', 'I422', 'I444', 'NV12'];

/**
 * Reads the brightness of a video element's picture out of the decoded frame itself, without drawing
 * it: of each element that was ever drawn, Chromium without a GPU keeps a picture of full size
 * (3.7 MB for each phone that joined, when measured).
 *
 * @param memory - where the frame is copied to; nobody else may use it until the promise settles
 * @returns undefined where the browser or the frame gives no such access; others may draw it
 */
export async function lumaOfFrame(
  video: HTMLVideoElement,
  memory: FrameMemory,
): Promise<Luma | undefined> {
  if (!('VideoFrame' in globalThis)) return undefined;
  let frame: VideoFrame | undefined;
  try {
    frame = new VideoFrame(video);
    if (!PLANAR.includes(frame.format)) return undefined;
    const bytes = memory.ofSize(frame.allocationSize());
    const [plane] = await frame.copyTo(bytes);
    if (plane === undefined) return undefined;
    const { codedWidth, codedHeight, visibleRect } = frame;
    const { width, height } = visibleRect ?? { width: codedWidth, height: codedHeight };
    const isFullRange = frame.colorSpace.fullRange === true;
    return lumaOfLevels(
      Array.from({ length: COLUMNS * ROWS }, (_, cell) => {
        const x = Math.floor((((cell % COLUMNS) + 0.5) * width) / COLUMNS);
        const y = Math.floor(((Math.floor(cell / COLUMNS) + 0.5) * height) / ROWS);
        const level = bytes[plane.offset + y * plane.stride + x] ?? 0;
        return isFullRange ? level : ((level - LIMITED_BLACK) * 255) / LIMITED_SPAN;
      }),
    );
  } catch {
    // Its picture went away in this very moment, or lies where nobody may read it.
    return undefined;
  } finally {
    frame?.close();
  }
}

/** Memory that frames are copied to, one after the other; it grows with the largest. */
export class FrameMemory {
  #bytes = new Uint8Array(0);

  /** At least so many bytes. */
  ofSize(size: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
    return this.#bytes;
  }
}
