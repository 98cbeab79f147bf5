/**
 * What the phone pages say of a state in a few words. Whole sentences are in `state-sentences.ts`
 * and `problem-wording.ts`, which the light page loads apart.
 */
import type { BroadcastState } from './streaming/broadcast-state';
import { formatElapsed } from './streaming/elapsed';

export const START = 'Start streaming';

export const WHY_PERMISSION =
  'Sightline needs your camera and microphone to put this phone on the wall. Nothing is sent until you tap Start.';

/** The connection to the server, in words, while nothing is sent. */
export function connectionWording(state: BroadcastState): string {
  switch (state.signaling) {
    case 'connected':
      return `Connected to ${state.serverName ?? 'the control room'}`;
    case 'idle':
    case 'connecting':
      return 'Looking for the control room…';
    case 'reconnecting':
      return 'Control room out of reach. Trying again…';
    case 'failed':
    case 'closed':
      return 'Not connected';
  }
}

/**
 * The status in a few words.
 * @param nowMs `Date.now()`.
 */
export function statusWording(state: BroadcastState, nowMs: number): string {
  const elapsed = state.liveSinceMs === undefined ? '' : formatElapsed(nowMs - state.liveSinceMs);
  switch (state.phase) {
    case 'idle':
      return 'Not streaming';
    case 'connecting':
      return connectingWording(state);
    case 'live':
      return `LIVE ${elapsed}`;
    case 'reconnecting':
      return `Reconnecting ${elapsed}`;
    case 'failed':
      return state.liveSinceMs === undefined ? 'Not streaming' : 'No picture';
  }
}

/** What a phone waits for on its way to the wall, in a few words. */
export function connectingWording(state: BroadcastState): string {
  if (state.isWaiting && state.signaling === 'connected') return 'Waiting to be let in';
  if (state.video === undefined) return 'Starting the camera…';
  return state.signaling === 'connected' ? 'Joining the wall…' : 'Looking for the control room…';
}
