import { SEND_SETTINGS } from '../../pwa/streaming/send-settings';
import { chooseEncoding } from '../../signal/rtc/control/choose-encoding';

/**
 * What Sightline's phones spend on such a picture at most when a tile has room for all of it, in
 * bits per second.
 */
export function bitrateOf(picture: { readonly width: number; readonly height: number }): number {
  const viewport = { width: picture.width, height: picture.height, isVisible: true };
  const limits = { ...SEND_SETTINGS, preference: SEND_SETTINGS.degradationPreference };
  return chooseEncoding(picture, { viewport, quality: undefined }, limits).encoding.maxBitrateBps;
}
