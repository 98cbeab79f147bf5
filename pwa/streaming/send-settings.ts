import type { VideoShape } from '../../signal/rtc/video-codec';
import { PICTURE } from '../capture/constraints';

/**
 * Most that a phone sends of one picture, in bits per second: 720p30 with movement looks clean at
 * 2 to 2.5 Mbit/s in H.264 and VP8, and five viewers still fit an ordinary Wi-Fi uplink.
 */
const MAX_BITRATE_BPS = 2_500_000;

/** What choosing a codec has to know of the pictures. */
export const VIDEO_SHAPE: VideoShape = { ...PICTURE, bitrateBps: MAX_BITRATE_BPS };

/** How every stream is sent; the sender adapts down from here by itself. */
export const SEND_SETTINGS = {
  maxBitrateBps: MAX_BITRATE_BPS,
  /**
   * Browsers start at 300 kbit/s and reach 720p after seconds or never; from here the first picture
   * is the full picture. Measured: on an uplink of 3 Mbit/s with 60 ms it costs no time either.
   */
  startBitrateBps: MAX_BITRATE_BPS,
  maxFramerate: PICTURE.framerate,
  /** A control room cuts between live pictures: soft ones are usable, stuttering ones are not. */
  degradationPreference: 'maintain-framerate',
} as const;
