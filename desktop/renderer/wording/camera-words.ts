/** What the console says about a phone's camera in the operator's hand. */
import type { CommandProblem } from '../../../signal/rtc/control/viewer-control';

const refusal: Record<CommandProblem['reason'], string> = {
  'not-allowed': 'Only operators may do this.',
  'refused-by-phone': 'The person at the phone refuses control.',
  'not-supported': 'This phone cannot do it.',
  failed: 'The phone tried and failed.',
  busy: 'The phone is busy. Try again in a moment.',
  unfinished: 'The phone is still at it. Look at the picture in a moment.',
  'no-answer': 'The phone did not answer within 2 seconds.',
  'not-connected': 'The phone is not connected now.',
};

/** Names of the modes of Image Capture. */
const modes: Readonly<Record<string, string>> = {
  none: 'Fixed',
  manual: 'By hand',
  'single-shot': 'Once now',
  continuous: 'Automatic',
};

/** No more decimals than a slider can be set to. */
function short(value: number): number {
  return Number(value.toFixed(1));
}

/** Grouped by where they are said. */
export const cameraWords = {
  item: 'Camera…',
  heading: (label: string) => `Camera of ${label}`,
  absent: 'This phone cannot be controlled now: it is not connected, or its page is too old.',
  notAllowed: 'The person at the phone refuses control. Only they can allow it again.',
  refusal,
  mode: (mode: string) => modes[mode] ?? mode,
  progress: { asking: 'Asking…', done: 'Done', refused: 'Not done' },
  camera: 'Camera',
  unnamed: (index: number) => `Camera ${index}`,
  side: 'Side',
  front: 'Front',
  back: 'Back',
  noCameras: 'The phone lists no cameras.',
  torch: 'Light',
  on: 'On',
  off: 'Off',
  zoom: 'Zoom',
  times: (value: number) => `${short(value)} ×`,
  focus: 'Focus',
  distance: 'Distance',
  meters: (value: number) => `${short(value)} m`,
  exposure: 'Exposure',
  brightness: 'Brightness',
  stops: (value: number) => `${value > 0 ? '+' : ''}${short(value)} EV`,
  notOffered: {
    torch: 'This camera has no light.',
    zoom: 'This camera cannot zoom.',
    focus: 'This camera sets its focus by itself.',
    exposure: 'This camera sets its exposure by itself.',
    capture: 'This browser does not say what the camera can do.',
    microphone: 'This phone sends no sound.',
  },
  capture: 'Size',
  frameRate: 'Frame rate',
  size: (height: number) => `${height}p`,
  rate: (rate: number) => `${rate} fps`,
  microphone: 'Microphone',
  muted: 'Muted',
  message: 'Message on the phone',
  messageHint: 'Shown large on its screen',
  phrases: [
    'Hold still, please',
    'Move closer',
    'Turn the phone sideways',
    'You are live',
    'Call me',
  ],
  send: 'Show',
  takeBack: 'Take back',
  left: (count: number) => `${count} left`,
  locate: 'Find it',
  locateSubmit: 'Flash and vibrate',
  close: 'Close',
} as const;
