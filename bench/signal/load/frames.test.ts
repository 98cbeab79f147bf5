import { describe, expect, it } from 'vitest';
import { clientFrame, FrameReader, OPCODE, writeInto } from './frames';

function unmasked(frame: { bytes: Buffer; payloadAt: number }): string {
  const mask = frame.bytes.subarray(frame.payloadAt - 4, frame.payloadAt);
  const payload = frame.bytes.subarray(frame.payloadAt);
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString();
}

describe('frames of the load', () => {
  it('can be written into after they are made', () => {
    const frame = clientFrame(OPCODE.text, Buffer.from('before 0000 after'));
    writeInto(frame, 7, '1234');
    expect(unmasked(frame)).toBe('before 1234 after');
  });

  it.each([1, 2, 3, 7, 500])('are found again in pieces of %i bytes', (size) => {
    const payloads = ['', 'short', 'x'.repeat(300), 'y'.repeat(70_000)];
    const wire = Buffer.concat(
      payloads.map((text) => {
        const head =
          text.length <= 125
            ? Buffer.from([0x81, text.length])
            : text.length <= 0xff_ff
              ? Buffer.from([0x81, 126, text.length >> 8, text.length & 0xff])
              : Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        return Buffer.concat([head, Buffer.from(text)]);
      }),
    );
    const seen: string[] = [];
    const reader = new FrameReader();
    reader.onFrame = (_, bytes, from, to) => seen.push(bytes.toString('latin1', from, to));
    // Only the last piece ends the last frame, and small pieces of it are too many to be worth it.
    const small = wire.subarray(0, 350);
    for (let at = 0; at < small.length; at += size) reader.take(small.subarray(at, at + size));
    reader.take(wire.subarray(350));
    expect(seen).toEqual(payloads);
  });
});
