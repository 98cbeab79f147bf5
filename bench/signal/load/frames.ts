/**
 * WebSocket frames (RFC 6455 section 5.2) as cheap as can be: the load must cost less than what it
 * loads, so what is sent is made before and what is received is only looked at.
 */
import { randomBytes } from 'node:crypto';

/** Kinds of frames that are met here. */
export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Bytes of a mask. */
const MASK_BYTES = 4;

/** Longest payload whose length stands in the second byte, and in the two bytes after it. */
const SHORT = 125;
const MIDDLE = 0xff_ff;

/** A frame ready to be sent as often as one likes. */
export interface SentFrame {
  readonly bytes: Buffer;
  /** Where the payload begins. */
  readonly payloadAt: number;
}

/** Makes a client's frame: masked, as a browser's are, by a key that is not zero. */
export function clientFrame(opcode: number, payload: Buffer): SentFrame {
  if (payload.length > MIDDLE) throw new RangeError('The load sends no frames of this length.');
  const length =
    payload.length <= SHORT
      ? [0x80 | payload.length]
      : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
  const mask = Buffer.from(randomBytes(MASK_BYTES).map((byte) => byte | 1));
  const head = Buffer.from([0x80 | opcode, ...length]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % MASK_BYTES] ?? 0));
  return { bytes: Buffer.concat([head, mask, masked]), payloadAt: head.length + MASK_BYTES };
}

/** Writes into the payload of a frame that was made before. */
export function writeInto({ bytes, payloadAt }: SentFrame, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) {
    const place = at + index;
    const mask = bytes[payloadAt - MASK_BYTES + (place % MASK_BYTES)] ?? 0;
    bytes[payloadAt + place] = text.charCodeAt(index) ^ mask;
  }
}

/** Told of each frame; the bytes are only there during the call. */
export type OnFrame = (opcode: number, bytes: Buffer, from: number, to: number) => void;

/** Finds the frames of a server in what a connection brings. */
export class FrameReader {
  onFrame: OnFrame = () => undefined;
  /** The beginning of a frame whose end has not come yet. */
  #rest: Buffer | undefined;

  /** Takes what has come; `chunk` may be used again afterwards. */
  take(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const { length: end } = bytes;
    let at = 0;
    while (end - at >= 2) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const head = short <= SHORT ? 2 : short === 126 ? 4 : 10;
      if (end - at < head) break;
      const length =
        head === 2
          ? short
          : head === 4
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      const from = at + head;
      if (end - from < length) break;
      this.onFrame((bytes[at] ?? 0) & 0x0f, bytes, from, from + length);
      at = from + length;
    }
    this.#rest = at === end ? undefined : Buffer.from(bytes.subarray(at));
  }
}
