import type { HealthFacts } from './health-facts';

/** Below this part of what it may use, an encoder has no use for more. */
const USED_RATIO = 0.6;

/** From this part of what the encoder may use, the network is not what it lacks. */
const FREE_SHARE = 0.7;

/**
 * How much of what a phone may send the network takes, 0 to 1; undefined where that is not known.
 *
 * `qualityLimitationReason` alone does not tell. Encoders keep size and rate for long and blur: until
 * then it says `none` (Chromium 156, at a quarter of the bits). And it says `bandwidth` of a picture
 * that is too detailed for the bits it may use, however wide the network is.
 */
export function networkShare({ telemetry, maxBitrateBps }: HealthFacts): number | undefined {
  if (telemetry === undefined) return undefined;
  const { qualityLimitationReason, targetBitrateBps, videoBitrateBps } = telemetry.sending;
  const isLimited = qualityLimitationReason === 'bandwidth';
  if (targetBitrateBps === undefined || maxBitrateBps === undefined || maxBitrateBps === 0) {
    return isLimited ? 0 : undefined;
  }
  const share = Math.min(1, targetBitrateBps / maxBitrateBps);
  if (isLimited) return share < FREE_SHARE ? 0 : share;
  if (videoBitrateBps === undefined) return undefined;
  return videoBitrateBps > targetBitrateBps * USED_RATIO ? share : 1;
}

/** Below this part of its width a picture is smaller than asked for. */
const SMALL_RATIO = 0.9;

/**
 * Whether the browser says `bandwidth` though the network takes all bits. After a time of too much
 * detail it goes on to say so with the picture at its full size again: see `isShrunk`.
 */
export function isTooDetailed(facts: HealthFacts): boolean {
  const isLimited = facts.telemetry?.sending.qualityLimitationReason === 'bandwidth';
  return isLimited && (networkShare(facts) ?? 0) > 0;
}

/** Whether a picture is sent smaller than it was asked for; true where that is not known. */
export function isShrunk({ telemetry, scaleResolutionDownBy = 1 }: HealthFacts): boolean {
  const { width, captureWidth } = telemetry?.sending ?? {};
  if (width === undefined || captureWidth === undefined) return true;
  return width * scaleResolutionDownBy < captureWidth * SMALL_RATIO;
}
