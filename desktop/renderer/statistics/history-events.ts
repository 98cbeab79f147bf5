/** What is worth remembering of a stream's changes: pure. */
import type { TileCause, TileState, TileStateName } from '../streams/tile-state';

/** What can happen to a stream. `started` is its first picture. */
export type HistoryEventKind = 'joined' | 'started' | 'dropped' | 'frozen' | 'recovered' | 'ended';

/** Something that happened. */
export interface HistoryEvent {
  readonly streamId: string;
  /** The stream's name at that time. */
  readonly label: string;
  /** Milliseconds since the epoch, by the steady clock of the page that saw it. */
  readonly at: number;
  readonly kind: HistoryEventKind;
  /** Why, where the state has a reason. */
  readonly cause?: TileCause;
}

/** A stream's state from each kind of event on. */
export const stateAfter: Readonly<Record<HistoryEventKind, TileStateName>> = {
  joined: 'connecting',
  started: 'live',
  dropped: 'reconnecting',
  frozen: 'frozen',
  recovered: 'live',
  ended: 'ended',
};

/**
 * What a change of state means.
 * @param before undefined for a stream that is new on the wall.
 */
export function eventKindsOf(state: TileState, before: TileState | undefined): HistoryEventKind[] {
  const isNew = before === undefined || before.name === 'ended';
  if (isNew && state.name === 'ended') return [];
  if (isNew) return ['joined', ...changeKinds(state.name, 'connecting')];
  return changeKinds(state.name, before.name);
}

function changeKinds(name: TileStateName, before: TileStateName): HistoryEventKind[] {
  // Another reason for the same state is not another event.
  if (name === before) return [];
  switch (name) {
    case 'live':
      return [before === 'connecting' ? 'started' : 'recovered'];
    case 'reconnecting':
      return ['dropped'];
    case 'frozen':
      return ['frozen'];
    case 'ended':
      return ['ended'];
    case 'connecting':
      return ['joined'];
  }
}
