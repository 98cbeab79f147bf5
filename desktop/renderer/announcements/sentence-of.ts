import type { StreamInfo } from '../../../signal/protocol/messages';
import type { TileState } from '../streams/tile-state';
import { words } from '../wording';

/** What is said of a tile that changes its state; undefined for what is not worth a word. */
export function sentenceOf(
  { label }: StreamInfo,
  state: TileState,
  before: TileState | undefined,
): string | undefined {
  if (before === undefined) return words.wall.joined(label);
  // Another reason for the same state is on the tile to read.
  if (before.name === state.name) return undefined;
  switch (state.name) {
    case 'ended':
      return words.wall.left(label, words.tile.cause(state.cause));
    case 'reconnecting':
    case 'frozen':
      return words.wall.dropped(label, words.tile.cause(state.cause));
    case 'live':
      return before.name === 'connecting' ? undefined : words.wall.returned(label);
    case 'connecting':
      return undefined;
  }
}
