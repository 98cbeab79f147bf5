import { describe, expect, it, vi, type Mock } from 'vitest';
import { choosePreferredCodec, orderCodecs } from './video-codec';

const shape = { width: 1280, height: 720, framerate: 30, bitrateBps: 2_500_000 };

function capabilities(answer: () => Promise<Partial<MediaCapabilitiesEncodingInfo>>): {
  readonly encodingInfo: Mock<MediaCapabilities['encodingInfo']>;
  readonly decodingInfo: () => Promise<never>;
} {
  const info = { supported: true, smooth: true, powerEfficient: true };
  return {
    encodingInfo: vi.fn(async (configuration: MediaEncodingConfiguration) => ({
      ...info,
      configuration,
      ...(await answer()),
    })),
    decodingInfo: () => Promise.reject(new Error('Nobody asks for this')),
  };
}

describe('choosePreferredCodec', () => {
  it('takes H.264 where this device encodes it in hardware', async () => {
    const media = capabilities(() => Promise.resolve({}));
    expect(await choosePreferredCodec(media, shape)).toBe('video/H264');
    expect(media.encodingInfo).toHaveBeenCalledWith({
      type: 'webrtc',
      video: {
        contentType: 'video/H264',
        width: 1280,
        height: 720,
        framerate: 30,
        bitrate: 2_500_000,
      },
    });
  });

  it('takes VP8 where H.264 costs power, or cannot be encoded', async () => {
    for (const info of [{ powerEfficient: false }, { supported: false }]) {
      const media = capabilities(() => Promise.resolve(info));
      expect(await choosePreferredCodec(media, shape)).toBe('video/VP8');
    }
  });

  it('takes VP8 where the browser cannot tell', async () => {
    expect(await choosePreferredCodec(undefined, shape)).toBe('video/VP8');
    const refusing = capabilities(() => Promise.reject(new TypeError('No such type: webrtc')));
    expect(await choosePreferredCodec(refusing, shape)).toBe('video/VP8');
  });
});

describe('orderCodecs', () => {
  const names = ['video/VP8', 'video/rtx', 'video/VP9', 'video/H264', 'video/AV1', 'video/ulpfec'];
  const codecs = [
    ...names.map((mimeType) => ({ mimeType, sdpFmtpLine: '' })),
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0' },
  ];

  it('puts every entry of the preferred codec first, and its alternative next', () => {
    expect(orderCodecs(codecs, 'video/H264').map(({ mimeType }) => mimeType)).toEqual([
      'video/H264',
      'video/H264',
      'video/VP8',
      'video/rtx',
      'video/VP9',
      'video/AV1',
      'video/ulpfec',
    ]);
  });

  it('keeps the browser’s order among equals, and every entry', () => {
    const ordered = orderCodecs(codecs, 'video/VP8');
    expect(ordered.slice(0, 3)).toEqual([codecs[0], codecs[3], codecs[6]]);
    expect(new Set(ordered)).toEqual(new Set(codecs));
  });

  it('orders a browser without H.264 as well', () => {
    const [vp8, , vp9] = codecs;
    expect(orderCodecs([vp9!, vp8!], 'video/H264')).toEqual([vp8, vp9]);
  });
});
