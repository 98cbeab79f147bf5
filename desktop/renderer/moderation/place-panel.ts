import type { ShownMenu } from './menu-store';

/** Space kept to the window's edges, in CSS pixels. */
const MARGIN = 8;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Puts a panel where it was asked for, moved as far as needed to be all inside the window. */
export function placePanel(
  { x, y, hangsFrom }: Pick<ShownMenu, 'x' | 'y' | 'hangsFrom'>,
  panel: Size,
  frame: Size,
): { readonly left: number; readonly top: number } {
  const left = hangsFrom === 'button' ? x - panel.width : x;
  return {
    left: clamp(left, frame.width - panel.width),
    top: clamp(y, frame.height - panel.height),
  };
}

function clamp(wanted: number, most: number): number {
  return Math.max(MARGIN, Math.min(wanted, most - MARGIN));
}
