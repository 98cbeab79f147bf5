/**
 * Which pictures a viewer is sent: a pure function of what the camera gives, what the viewer can
 * show and what it wants. Nothing is ever enlarged, and no viewer's wish concerns another's.
 */
import type { Quality, Viewport } from '../../protocol/control';
import type { Encoding } from '../../protocol/control-reports';

/** What the camera gives; the rate where it is known. */
export interface CaptureShape {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond?: number | undefined;
}

/** What a viewer is sent that has not asked for anything: 1280 × 720 at this rate. */
export interface EncodingLimits {
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
  readonly preference: RTCDegradationPreference;
}

export interface EncodingWishes {
  /** Undefined until the viewer has told. */
  readonly viewport: Viewport | undefined;
  readonly quality: Quality | undefined;
}

/** What to send, and what to give up first where it does not go through. */
export interface EncodingChoice {
  readonly encoding: Encoding;
  readonly preference: RTCDegradationPreference;
}

/** The picture that `EncodingLimits.maxBitrateBps` is meant for, in pixels. */
const REFERENCE_PIXELS = 1280 * 720;

/**
 * Bits grow slower than pixels: small pictures have more detail in each. The usual ladders (Apple's
 * HLS authoring specification, WebRTC's own simulcast layers) fit an exponent of about 0.75.
 */
const BITS_PER_PIXEL_EXPONENT = 0.75;

/** Below it libwebrtc stops sending video at all. */
const LEAST_BITRATE_BPS = 100_000;
const MOST_BITRATE_BPS = 8_000_000;

/** Smallest side that is sent, in pixels; encoders of some phones refuse smaller ones. */
const LEAST_SIDE = 90;

/** A picture that fits nearly is sent as it is: scaling costs sharpness and saves nothing. */
const NEARLY_FULL = 1.1;

/** Longer side of pictures that are to be smooth above all, in pixels. */
const SMOOTH_SIDE = 960;

/** What `data-saver` leaves. */
const SAVER = { side: 640, framerate: 15, bitrateFactor: 0.6 } as const;

/** See the head of this file. */
export function chooseEncoding(
  capture: CaptureShape,
  { viewport, quality }: EncodingWishes,
  limits: EncodingLimits,
): EncodingChoice {
  const wish = quality?.wish ?? { kind: 'preset', preset: 'auto' };
  const preset = wish.kind === 'preset' ? wish.preset : undefined;
  const exact = wish.kind === 'exact' ? wish : undefined;
  const seen = quality?.isPinned === true ? undefined : viewport;

  const wantedScale = exact?.scale === undefined ? undefined : 1 / exact.scale;
  const scale = evenScale(
    capture,
    wantedScale ?? Math.max(fit(capture, seen, preset), presetScale(capture, preset)),
  );
  const ownRate = Math.max(limits.maxFramerate, capture.framesPerSecond ?? 0);
  const maxFramerate = Math.min(
    exact?.maxFramerate ?? ownRate,
    seen?.maxFramerate ?? Infinity,
    preset === 'data-saver' ? SAVER.framerate : Infinity,
  );
  const isUntold = viewport === undefined && quality === undefined;
  const bitrate = bitrateFor(capture, scale, maxFramerate, limits);
  return {
    preference: preset === 'sharp' ? 'maintain-resolution' : limits.preference,
    encoding: {
      isActive: seen === undefined || (seen.isVisible && seen.width > 0 && seen.height > 0),
      scaleResolutionDownBy: scale,
      maxFramerate,
      maxBitrateBps:
        exact?.maxBitrateBps !== undefined
          ? Math.min(exact.maxBitrateBps, MOST_BITRATE_BPS)
          : isUntold
            ? limits.maxBitrateBps
            : Math.round(preset === 'data-saver' ? bitrate * SAVER.bitrateFactor : bitrate),
    },
  };
}

/** By how much the picture may shrink and still fill its place. */
function fit(
  capture: CaptureShape,
  viewport: Viewport | undefined,
  preset: string | undefined,
): number {
  if (viewport === undefined || preset === 'sharp') return 1;
  if (viewport.width === 0 || viewport.height === 0) return 1;
  const scale = Math.max(capture.width / viewport.width, capture.height / viewport.height);
  return scale < NEARLY_FULL ? 1 : scale;
}

function presetScale(capture: CaptureShape, preset: string | undefined): number {
  const longer = Math.max(capture.width, capture.height);
  if (preset === 'data-saver') return longer / SAVER.side;
  return preset === 'smooth' ? longer / SMOOTH_SIDE : 1;
}

/**
 * The nearest smaller scale that leaves two even sides, which encoders take without cropping, and
 * neither of them too small. Some browsers round the other side and some cut it: it has to come out
 * the same either way.
 */
function evenScale({ width, height }: CaptureShape, wanted: number): number {
  const shorter = Math.min(width, height);
  const longer = Math.max(width, height);
  const most = Math.max(1, shorter / LEAST_SIDE);
  if (wanted <= 1 || most <= 1) return 1;
  const first = 2 * Math.ceil(shorter / Math.min(wanted, most) / 2 - 0.01);
  for (let side = first; side < shorter; side += 2) {
    const other = (longer * side) / shorter;
    // A hair less, so that the division does not end just below a whole number.
    if ((other + 1e-6) % 2 < 0.45) return Math.max(1, (shorter / side) * (1 - 1e-9));
  }
  return 1;
}

function bitrateFor(
  { width, height }: CaptureShape,
  scale: number,
  framerate: number,
  limits: EncodingLimits,
): number {
  const pixels = (width * height) / scale ** 2 / REFERENCE_PIXELS;
  const bits =
    limits.maxBitrateBps * (pixels * (framerate / limits.maxFramerate)) ** BITS_PER_PIXEL_EXPONENT;
  return Math.min(Math.max(bits, LEAST_BITRATE_BPS), MOST_BITRATE_BPS);
}
