/**
 * Everything the phone pages say, in one place: what a state means in words, and for each problem
 * its sentence, its steps and its way out.
 */
import type { Device } from '../signal/protocol/fields';
import type { BroadcastState, NoticeCode, Problem } from './streaming/broadcast-state';
import { formatElapsed } from './streaming/elapsed';

/** What a way out does: try again on this page, load it again, or load it as somebody new. */
export type WayOut = 'retry' | 'reload' | 'reload-afresh';

export interface ProblemWording {
  readonly title: string;
  readonly sentence: string;
  /** What to do, in order; empty where the button is enough. */
  readonly steps: readonly string[];
  readonly wayOut: { readonly kind: WayOut; readonly label: string };
}

/** How permissions are given back, in steps. */
export interface PermissionSteps {
  /** The site was refused. */
  unblock(device: Device): readonly string[];
  /** The system keeps the browser from the camera. */
  allowBrowser(device: Device): readonly string[];
}

/** Steps that fit everywhere; `permission-steps.ts` knows the browsers by name. */
export const anySteps: PermissionSteps = {
  unblock: () => [
    'Open this page’s settings: the icon beside the address, or the browser’s menu.',
    'Allow the camera and the microphone, then reload.',
  ],
  allowBrowser: ({ browser = 'your browser' }) => [
    `In the system settings, allow ${browser} the camera and the microphone.`,
  ],
};

export const START = 'Start streaming';

export const WHY_PERMISSION =
  'Sightline needs your camera and microphone to put this phone on the wall. Nothing is sent until you tap Start.';

const tryAgain = { kind: 'retry', label: 'Try again' } as const;
const reload = { kind: 'reload', label: 'Reload' } as const;

/**
 * A problem in words.
 * @param device where the steps are followed: browsers hide their permissions in different places.
 * @param location of this page: its port is part of the address that works without HTTPS.
 * @param steps how much is known of where browsers hide their permissions.
 */
export function problemWording(
  problem: Problem,
  device: Device,
  location: { readonly port: string; readonly pathname: string },
  steps: PermissionSteps,
): ProblemWording {
  const { code, sentence } = problem;
  switch (code) {
    case 'insecure':
      return {
        title: 'This address cannot use the camera',
        sentence:
          'Browsers give the camera only to secure pages (HTTPS), and this server does not offer HTTPS yet. For now only the computer that runs Sightline can be a camera.',
        steps: [`On that computer, open ${localAddress(location)}`],
        wayOut: reload,
      };
    case 'unsupported':
    case 'no-webrtc':
      return {
        title: 'This browser cannot stream',
        sentence:
          code === 'unsupported'
            ? 'It gives pages no camera, as browsers inside other apps often do not.'
            : 'It lacks WebRTC, which carries the picture, or has it switched off.',
        steps: [`Open this page in ${browserFor(device)}.`],
        wayOut: reload,
      };
    case 'denied':
      return {
        title: 'The camera is blocked for this page',
        sentence: 'It was refused here, and the browser will not ask again by itself.',
        steps: steps.unblock(device),
        wayOut: reload,
      };
    case 'dismissed':
      return {
        title: 'The camera was not allowed',
        sentence: 'Try again, and choose Allow when the browser asks.',
        steps: [],
        // Safari answers for itself until the page is loaded again.
        wayOut: isApple(device) ? reload : tryAgain,
      };
    case 'denied-by-system':
      return {
        title: `${device.browser ?? 'The browser'} may not use the camera`,
        sentence: 'This page is allowed to, but the system settings keep the browser from it.',
        steps: steps.allowBrowser(device),
        wayOut: tryAgain,
      };
    case 'no-camera':
      return tryAgainAfter('No camera found', 'This device shows the browser none. Connect one.');
    case 'busy':
      return tryAgainAfter(
        'The camera is in use',
        'Most likely another app or tab has it. Close that one, or end the call.',
      );
    case 'unsuitable':
      return tryAgainAfter(
        'The camera did not accept our settings',
        'Unplug cameras that are not needed.',
      );
    case 'unknown':
      return tryAgainAfter(
        'The camera did not start',
        'The browser gave no reason. If it happens again, restart the browser.',
      );
    case 'server-closed':
      return {
        title: 'The control room closed the connection',
        sentence: sentence ?? 'Reload this page.',
        steps: [],
        wayOut: reload,
      };
    case 'continued-elsewhere':
      return {
        title: 'Open in another tab',
        sentence: sentence ?? 'This camera is used from another tab.',
        steps: [],
        wayOut: { kind: 'reload-afresh', label: 'Use this tab as another camera' },
      };
    case 'stream-refused':
      return tryAgainAfter(
        'The control room did not take the stream',
        sentence ?? 'The wall may be full.',
      );
  }
}

function tryAgainAfter(title: string, sentence: string): ProblemWording {
  return { title, sentence, steps: [], wayOut: tryAgain };
}

const notices: Record<NoticeCode, string> = {
  'microphone-denied': 'Going on without sound: the microphone is not allowed for this page.',
  'microphone-absent': 'Going on without sound: no microphone was found.',
  'microphone-busy': 'Going on without sound: another app has the microphone.',
  'microphone-lost': 'The microphone stopped. The picture goes on without sound.',
  'camera-kept': 'The other camera did not start. This one goes on.',
};

/** A notice in words. */
export function noticeWording(code: NoticeCode): string {
  return notices[code];
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
      return connectingWording(state);
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

function connectingWording(state: BroadcastState): string {
  if (state.video === undefined) return 'Starting the camera…';
  return state.signaling === 'connected' ? 'Joining the wall…' : 'Looking for the control room…';
}

function localAddress({ port, pathname }: { port: string; pathname: string }): string {
  return `http://localhost${port === '' ? '' : `:${port}`}${pathname}`;
}

function isApple({ platform, browser }: Device): boolean {
  return platform === 'iOS' || platform === 'iPadOS' || browser === 'Safari';
}

function browserFor(device: Device): string {
  if (isApple(device)) return 'Safari';
  return device.platform === 'Android' ? 'Chrome' : 'a current Chrome, Edge, Firefox or Safari';
}
