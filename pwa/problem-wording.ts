/** What the phone pages say of problems: for each its sentence, its steps and its way out. */
import { closeSentence } from '../signal/protocol/close-sentences';
import type { Device } from '../signal/protocol/fields';
import type { Problem } from './streaming/broadcast-state';

/** What a way out does: try again on this page, load it again, or load it as somebody new. */
export type WayOut = 'retry' | 'reload' | 'reload-afresh';

export interface ProblemWording {
  readonly title: string;
  readonly sentence: string;
  /** What to do, in order; empty where the button is enough. */
  readonly steps: readonly string[];
  readonly wayOut: {
    readonly kind: WayOut;
    readonly label: string;
    /** Label of a field for another link, beside the way out. */
    readonly field?: string;
    /** It cannot be taken yet. */
    readonly isEarly?: boolean;
  };
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

const tryAgain = { kind: 'retry', label: 'Try again' } as const;
const tryNow = { kind: 'retry', label: 'Try now' } as const;
const join = { kind: 'retry', label: 'Join', field: 'Or paste the link here' } as const;
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
  const { code, closeCode } = problem;
  const closed = closeCode === undefined ? undefined : closeSentence(closeCode);
  const sentence = problem.sentence ?? closed;
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
        sentence: closed ?? sentence ?? 'Reload this page.',
        steps: [],
        wayOut: reload,
      };
    case 'continued-elsewhere':
      return {
        title: 'Open in another tab',
        sentence: closed ?? 'This camera is used from another tab.',
        steps: [],
        wayOut: { kind: 'reload-afresh', label: 'Use this tab as another camera' },
      };
    case 'stream-refused':
      return tryAgainAfter(
        'The control room did not take the stream',
        sentence ?? 'The wall may be full.',
      );
    case 'key-required':
      return {
        title: 'This room opens with a link',
        sentence: 'Scan the code at the control room: it holds a key that this page does not have.',
        steps: [],
        wayOut: join,
      };
    case 'key-refused':
      return {
        title: 'This link does not let you in',
        sentence: sentence ?? 'It is not valid any more. Scan the code at the control room again.',
        steps: [],
        wayOut: join,
      };
    case 'blocked':
      return tryAgainAfter(
        'This phone is kept out',
        'The control room has blocked it. Ask there if that is a mistake.',
      );
    case 'removed':
      return {
        title: 'The control room disconnected you',
        sentence: 'Nothing is sent any more. You may come back, unless you were asked not to.',
        steps: [],
        wayOut: { kind: 'retry', label: 'Join again' },
      };
    case 'turned-away':
      return {
        title: 'The control room did not let you in',
        sentence: 'Your camera is off. Check with the control room, then ask again.',
        steps: [],
        wayOut:
          problem.isEarly === true
            ? { kind: 'retry', label: 'Ask again in a moment', isEarly: true }
            : { kind: 'retry', label: 'Ask again' },
      };
    case 'room-locked':
      return {
        title: 'The room is locked',
        sentence:
          'Nobody new is let in now. This page tries again by itself, and joins when it can.',
        steps: [],
        wayOut: tryNow,
      };
    case 'server-busy':
      return {
        title: 'The control room has no place now',
        sentence: closed ?? 'This page tries again by itself.',
        steps: [],
        wayOut: tryNow,
      };
  }
}

function tryAgainAfter(title: string, sentence: string): ProblemWording {
  return { title, sentence, steps: [], wayOut: tryAgain };
}

/** Said of what was pasted where a link is asked for, and is none. */
export const NO_LINK = 'This is no link from a control room. Copy all of it, and paste it again.';

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
