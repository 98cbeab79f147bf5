/** Where the window goes: remembered, but never where no screen is. Plain arithmetic. */
import type { WindowPlace } from './settings-file';

/** A rectangle in device-independent pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Size of a first window, and the smallest a window may get. */
export const DEFAULT_SIZE = { width: 1440, height: 900 } as const;
export const MINIMUM_SIZE = { width: 640, height: 400 } as const;

/** Part of the title bar that has to be on a screen, so that the window can be dragged back. */
const GRIP = { width: 120, height: 32 } as const;

/**
 * Bounds for the window: the remembered ones if they can be reached on one of these screens, else
 * the usual size in the middle of the first.
 *
 * @param workAreas - what each display offers without its bars, the primary one first.
 */
export function placeWindow(
  remembered: WindowPlace | undefined,
  workAreas: Rectangle[],
): Rectangle {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  if (remembered === undefined) return centered(primary);
  const placed = workAreas
    .map((area) => fitted(remembered, area))
    .find((place) => place !== undefined);
  return placed ?? centered(primary);
}

/** The remembered place on one screen, no larger than it; undefined when it lies elsewhere. */
function fitted(remembered: Rectangle, area: Rectangle): Rectangle | undefined {
  const place = {
    x: remembered.x,
    y: remembered.y,
    width: clamp(remembered.width, MINIMUM_SIZE.width, area.width),
    height: clamp(remembered.height, MINIMUM_SIZE.height, area.height),
  };
  return canBeGrabbed(place, area) ? { ...place, y: Math.max(place.y, area.y) } : undefined;
}

function centered(area: Rectangle): Rectangle {
  const width = Math.min(DEFAULT_SIZE.width, area.width);
  const height = Math.min(DEFAULT_SIZE.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/** Whether enough of the window's top edge lies within a screen. */
function canBeGrabbed(place: Rectangle, area: Rectangle): boolean {
  const left = Math.max(place.x, area.x);
  const right = Math.min(place.x + place.width, area.x + area.width);
  const isInHeight = place.y > area.y - GRIP.height && place.y < area.y + area.height - GRIP.height;
  return right - left >= GRIP.width && isInHeight;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), Math.min(least, most));
}
