/**
 * What takes the picture away while a phone is live, and when to fetch the camera again. A pure
 * machine: `interruption-watch.ts` feeds it and does what it says.
 *
 * A phone mutes the camera's track while a call, another app or the lock screen has the camera,
 * and ends it when it takes the camera for good. iOS also sends a mute when a camera starts that
 * means nothing, so a mute counts only once it has lasted.
 */
import type { CaptureFacts } from '../../signal/protocol/messages';

/**
 * How long a mute must last to count, and how long a muted track gets to come back after the page
 * is shown again, in milliseconds. iOS's false mutes are gone within one second.
 */
export const MUTE_SETTLE_MS = 1500;

/** What the camera's track is doing. */
export type Picture =
  | 'flowing'
  /** Muted a moment ago; the timer runs. */
  | 'suspect'
  /** Muted, and meant. */
  | 'paused'
  /** Back in front and still muted; the timer runs. */
  | 'returning'
  /** Ended while the page could not fetch another. */
  | 'stopped'
  | 'reopening'
  /** The camera could not be had again: a person has to act. */
  | 'lost';

export interface InterruptionState {
  readonly isHidden: boolean;
  readonly picture: Picture;
}

export type InterruptionEvent =
  | 'page-hidden'
  | 'page-shown'
  | 'track-muted'
  | 'track-unmuted'
  | 'track-ended'
  /** The timer ran out. */
  | 'settled'
  /** A fresh track is being sent. */
  | 'reopened'
  | 'reopen-failed'
  /** A person asks for the camera to be opened again. */
  | 'retry';

export type InterruptionEffect = 'start-timer' | 'cancel-timer' | 'reopen';

type Step = readonly [InterruptionState, readonly InterruptionEffect[]];

/** The next state, and what to do. Events that do not fit the state change nothing. */
export function interruptionStep(state: InterruptionState, event: InterruptionEvent): Step {
  const to = (picture: Picture, ...effects: InterruptionEffect[]): Step => [
    { ...state, picture },
    effects,
  ];
  switch (event) {
    case 'page-hidden':
      return [{ ...state, isHidden: true }, []];
    case 'page-shown':
      return shown({ ...state, isHidden: false });
    case 'track-muted':
      return state.picture === 'flowing' ? to('suspect', 'start-timer') : [state, []];
    case 'track-unmuted':
      return isMuted(state.picture) ? to('flowing', 'cancel-timer') : [state, []];
    case 'track-ended':
      if (state.picture !== 'flowing' && !isMuted(state.picture)) return [state, []];
      return state.isHidden
        ? to('stopped', 'cancel-timer')
        : to('reopening', 'cancel-timer', 'reopen');
    case 'settled':
      if (state.picture === 'suspect') return to('paused');
      if (state.picture !== 'returning') return [state, []];
      return state.isHidden ? to('paused') : to('reopening', 'reopen');
    case 'reopened':
      return to('flowing', 'cancel-timer');
    case 'reopen-failed':
      // In the background a phone may well refuse: that is tried again when it is in front.
      return to(state.isHidden ? 'stopped' : 'lost', 'cancel-timer');
    case 'retry':
      if (state.picture === 'flowing' || state.picture === 'reopening') return [state, []];
      return to('reopening', 'cancel-timer', 'reopen');
  }
}

/** What consoles are told. A page behind others comes first: it is what the person can change. */
export function captureStateOf({ isHidden, picture }: InterruptionState): CaptureFacts['state'] {
  if (picture === 'lost') return 'ended';
  if (isHidden) return 'hidden';
  return picture === 'flowing' || picture === 'suspect' ? 'active' : 'interrupted';
}

function shown(state: InterruptionState): Step {
  switch (state.picture) {
    case 'suspect':
    case 'paused':
    case 'returning':
      return [{ ...state, picture: 'returning' }, ['start-timer']];
    case 'stopped':
    case 'lost':
      return [{ ...state, picture: 'reopening' }, ['reopen']];
    case 'flowing':
    case 'reopening':
      return [state, []];
  }
}

function isMuted(picture: Picture): boolean {
  return picture === 'suspect' || picture === 'paused' || picture === 'returning';
}
