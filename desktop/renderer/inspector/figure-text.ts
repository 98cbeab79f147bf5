/** Figures with their units, as people read them; undefined stays undefined. */

export function bitrateText(bps: number | undefined): string | undefined {
  if (bps === undefined) return undefined;
  if (bps >= 1_000_000) return `${(bps / 1_000_000).toFixed(2)} Mbit/s`;
  return `${(bps / 1_000).toFixed(0)} kbit/s`;
}

export function millisecondsText(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** For times that add up. */
export function durationText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${(ms / 1_000).toFixed(1)} s`;
}

/** @param ratio 0 to 1. */
export function percentText(ratio: number | undefined): string | undefined {
  return ratio === undefined ? undefined : `${(ratio * 100).toFixed(1)} %`;
}

export function rateText(framesPerSecond: number | undefined): string | undefined {
  return framesPerSecond === undefined ? undefined : `${framesPerSecond.toFixed(1)} fps`;
}

export function sizeText(
  width: number | undefined,
  height: number | undefined,
): string | undefined {
  return width === undefined || height === undefined ? undefined : `${width}×${height}`;
}

/** Whole numbers, with thin spaces between thousands. */
export function countText(value: number | undefined): string | undefined {
  return value?.toFixed(0).replaceAll(/\B(?=(?:\d{3})+$)/gu, '\u202F');
}
