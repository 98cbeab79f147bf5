import type { Direction } from './neighbor-tile';

/** What a key does to a tile: a direction moves to its neighbor. */
export type TileAction = Direction | 'fullscreen' | 'sound' | 'menu';

const actions = new Map<string, TileAction>([
  ['arrowleft', 'left'],
  ['arrowright', 'right'],
  ['arrowup', 'up'],
  ['arrowdown', 'down'],
  ['f', 'fullscreen'],
  ['l', 'sound'],
  ['m', 'menu'],
  ['contextmenu', 'menu'],
]);

/**
 * Reads a key pressed in a tile.
 * @param isOnTile false when a button inside the tile has the focus: Enter then belongs to it.
 */
export function tileAction(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>,
  isOnTile: boolean,
): TileAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const action =
    event.key === 'Enter' && isOnTile ? 'fullscreen' : actions.get(event.key.toLowerCase());
  // A held key may wander, but must not flicker.
  const isHeldFor =
    event.repeat && (action === 'fullscreen' || action === 'sound' || action === 'menu');
  return isHeldFor ? undefined : action;
}
