/** Sizes and rates worth offering, of all that a camera can: pure. */
import type { CameraFacts } from '../../../signal/protocol/control-reports';

/** A size by its shorter side, which people call it by; the sides as the camera lies. */
export interface CaptureSize {
  readonly shorter: number;
  readonly width: number;
  readonly height: number;
}

/** Shorter sides of the usual formats, all 16:9, in pixels. */
const SHORTER_SIDES = [360, 480, 720, 1080, 1440, 2160];

const RATES = [5, 10, 15, 24, 25, 30, 50, 60];

const ASPECT = 16 / 9;

/** Sizes that the camera offers; none where it does not say what it offers. */
export function captureSizes({ width, height, maxWidth, maxHeight }: CameraFacts): CaptureSize[] {
  if (maxWidth === undefined || maxHeight === undefined) return [];
  const isUpright = (height ?? 0) > (width ?? 0);
  const most = Math.min(maxWidth, maxHeight);
  const present = width === undefined || height === undefined ? [] : [Math.min(width, height)];
  return [...new Set([...SHORTER_SIDES.filter((side) => side <= most), ...present])]
    .sort((one, other) => one - other)
    .map((shorter) => {
      const longer = 2 * Math.round((shorter * ASPECT) / 2);
      return isUpright
        ? { shorter, width: shorter, height: longer }
        : { shorter, width: longer, height: shorter };
    });
}

/** Rates that the camera offers, the one in use among them; none where it does not say. */
export function captureRates({ frameRate, maxFrameRate }: CameraFacts): number[] {
  if (maxFrameRate === undefined) return [];
  const present = frameRate === undefined ? [] : [Math.round(frameRate)];
  const offered = RATES.filter((rate) => rate <= Math.round(maxFrameRate));
  return [...new Set([...offered, ...present])]
    .filter((rate) => rate > 0)
    .sort((one, other) => one - other);
}
