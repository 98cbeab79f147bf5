/** What the phone pages say of a state in whole sentences. */
import type { BroadcastState, NoticeCode } from './streaming/broadcast-state';
import { connectingWording, connectionWording, statusWording } from './wording';

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

/** What matters most now, for a page with room for one thing; undefined while nothing does. */
export function bannerWording(state: BroadcastState): string | undefined {
  if (state.phase === 'reconnecting') return RECONNECTING;
  const words = interruptionWording(state) ?? noticeWording(state);
  if (words !== undefined || !state.isWaiting) return words;
  return `${WAITING.title}. ${WAITING.sentence}`;
}
