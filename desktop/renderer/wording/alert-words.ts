/** Words of alerts, their list and their settings. */
import type { AlertKind } from '../health/alert-rules';
import { healthWords } from './health-words';

/** What an alert says with its figure; the figure is in the unit of its rule. */
const sentences: Record<AlertKind, (value: number | undefined) => string> = {
  paused: () => 'The phone is hidden, locked or in a call.',
  frozen: (value) => `No new picture${known(value, (ms) => ` for ${seconds(ms)}`)}.`,
  black: () => 'The picture is black: is the lens covered?',
  silent: (value) => `Nothing is heard${known(value, (ms) => ` for ${seconds(ms)}`)}.`,
  'high-loss': (value) => `${known(value, percent, 'Many')} of packets are lost on the way.`,
  'low-fps': (value) =>
    `Few pictures arrive${known(value, (rate) => `: ${rate.toFixed(0)} fps of 30`)}.`,
  'high-latency': (value) =>
    `The picture is late${known(value, (ms) => `: about ${ms.toFixed(0)} ms`)}.`,
  'cpu-limited': () => 'The phone’s processor is at its limit.',
  'network-limited': () => 'The network takes less than the picture needs.',
  clipped: (value) => `Too loud${known(value, (ratio) => ` ${percent(ratio)} of the time`)}.`,
  'battery-low': (value) =>
    `The phone’s battery is low${known(value, (level) => `: ${percent(level)}`)}.`,
  relayed: () => 'The picture takes a way around, through a relay.',
};

/** What each rule watches, in its settings. */
const rules: Record<AlertKind, string> = {
  paused: 'Paused on the phone',
  frozen: 'Frozen picture, without a new one for',
  black: 'Black picture, when darker than',
  silent: 'No sound, when nothing is heard for',
  'high-loss': 'Packets lost on the way, from',
  'low-fps': 'Low frame rate, below',
  'high-latency': 'Long delay, from',
  'cpu-limited': 'Phone at the limit of its processor',
  'network-limited': 'Network too narrow for the picture',
  clipped: 'Sound too loud, of the time from',
  'battery-low': 'Battery low, from',
  relayed: 'Relayed',
};

/** See the head of this file. */
export const alertWords = {
  /** Of one alert, without its stream. */
  sentence: (kind: AlertKind, value: number | undefined) => sentences[kind](value),
  /** As screen readers hear it. */
  spoken: (label: string, kind: AlertKind) =>
    `${label}: ${healthWords.alerts[kind].toLowerCase()}.`,
  badge: (count: number) => (count === 1 ? '1 alert' : `${count} alerts`),
  open: 'Alerts',
  noOpen: 'No open alerts',
  heading: 'Alerts',
  empty: 'All cameras are well.',
  close: 'Close the alerts',
  settings: 'Settings of alerts',
  acknowledge: 'Acknowledge',
  acknowledgeOne: (label: string, kind: AlertKind) =>
    `Acknowledge: ${label}, ${healthWords.alerts[kind].toLowerCase()}`,
  acknowledgeAll: 'Acknowledge all',
  acknowledged: 'Acknowledged',
  show: (label: string) => `Go to ${label}`,
  age: (ms: number) => (ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1_000))} s` : clock(ms)),
  severities: { critical: 'Critical', warning: 'Warning', notice: 'Notice' },
  latency: 'Estimated time from the camera to this screen',
  dialog: {
    heading: 'Alerts',
    intro: 'What is worth an alert, and from where on. It is kept in this browser.',
    sound: 'Play a soft sound when an alert is raised',
    try: 'Try the sound',
    rule: 'Alert',
    limit: 'Limit',
    hold: 'Raised after',
    ruleOf: (kind: AlertKind) => rules[kind],
    limitOf: (kind: AlertKind, unit: string) =>
      `Limit of “${healthWords.alerts[kind]}”, in ${unit}`,
    holdOf: (kind: AlertKind) => `Seconds before “${healthWords.alerts[kind]}” is raised`,
    outside: (from: number, to: number, unit: string) => `Enter ${from} to ${to} ${unit}.`,
    reset: 'Back to how it was delivered',
    notKept: 'This browser keeps no settings: they hold until the page closes.',
  },
};

function known(value: number | undefined, say: (value: number) => string, otherwise = ''): string {
  return value === undefined ? otherwise : say(value);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** Minutes and seconds, then hours and minutes. */
function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
