/**
 * What the phone pages say of a state. What they say of problems is in `problem-wording.ts`, which
 * the light page loads apart.
 */
import type { BroadcastState, NoticeCode } from './streaming/broadcast-state';
import { formatElapsed } from './streaming/elapsed';

export const START = 'Start streaming';

export const WHY_PERMISSION =
  'Sightline needs your camera and microphone to put this phone on the wall. Nothing is sent until you tap Start.';

const notices: Record<Exclude<NoticeCode, 'renamed'>, string> = {
  'microphone-denied': 'Going on without sound: the microphone is not allowed for this page.',
  'microphone-absent': 'Going on without sound: no microphone was found.',
  'microphone-busy': 'Going on without sound: another app has the microphone.',
  'microphone-lost': 'The microphone stopped. The picture goes on without sound.',
  'camera-kept': 'The other camera did not start. This one goes on.',
  muted: 'The control room muted you. Tap the microphone to be heard again.',
  stopped: 'The control room stopped your stream. Nothing is sent now; you may start again.',
};

/** The notice in words; undefined while there is none. */
export function noticeWording({ notice, label }: BroadcastState): string | undefined {
  if (notice === 'renamed') return `The control room named this camera “${label}”.`;
  return notice === undefined ? undefined : notices[notice];
}

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

/** The status as a sentence, for screen readers: without the clock, so that it is read once. */
export function announcementWording(state: BroadcastState): string {
  switch (state.phase) {
    case 'idle':
      return `Not streaming. ${connectionWording(state)}.`;
    case 'connecting':
      return state.isWaiting ? WAITING.title : connectingWording(state);
    case 'live':
      return interruptionWording(state) ?? 'You are live.';
    case 'reconnecting':
      return RECONNECTING;
    case 'failed':
      return statusWording(state, 0);
  }
}

/** What a live phone shows while the server is out of reach. */
export const RECONNECTING =
  'The control room is out of reach. Pictures go on to those who watch; this page reconnects by itself.';

/** What a live phone shows while its camera gives no picture; undefined while it does. */
export function interruptionWording(state: BroadcastState): string | undefined {
  switch (state.capture) {
    case 'interrupted':
      return 'The phone paused the camera, as for a call. It comes back by itself.';
    case 'hidden':
      return 'This page is not in front. Keep it open to keep the picture.';
    case 'active':
    case 'ended':
      return undefined;
  }
}

/** What a phone in the lobby shows. */
export const WAITING = {
  title: 'Waiting for the control room to let you in',
  sentence: 'Keep this page open. Meanwhile the control room sees a small still picture of you.',
} as const;

function connectingWording(state: BroadcastState): string {
  if (state.isWaiting && state.signaling === 'connected') return 'Waiting to be let in';
  if (state.video === undefined) return 'Starting the camera…';
  return state.signaling === 'connected' ? 'Joining the wall…' : 'Looking for the control room…';
}
