/** Words of health, alerts and diagnosis. */
import type { AlertKind } from '../health/alert-rules';
import type { Diagnosis, DiagnosisCause, DiagnosisFigures } from '../health/diagnose';
import type { Health, HealthLevel } from '../health/health';

const levels: Record<HealthLevel, string> = {
  good: 'Good',
  fair: 'Fair',
  poor: 'Poor',
  lost: 'Lost',
};

const alerts: Record<AlertKind, string> = {
  paused: 'Paused on the phone',
  frozen: 'Frozen picture',
  black: 'Black picture',
  silent: 'No sound',
  'high-loss': 'Packets are lost',
  'low-fps': 'Low frame rate',
  'high-latency': 'Long delay',
  'cpu-limited': 'Phone at its limit',
  'network-limited': 'Narrow network',
  clipped: 'Sound is too loud',
  'battery-low': 'Battery low',
  relayed: 'Relayed',
};

const diagnoses: Record<DiagnosisCause, (figures: DiagnosisFigures) => string> = {
  ended: () => 'The stream has ended.',
  connecting: () => 'Waiting for the first picture.',
  hidden: () => 'The phone’s screen is off or its page is hidden.',
  interrupted: () => 'A call or another app has taken the phone’s camera.',
  'capture-ended': () => 'The phone’s camera stopped: somebody has to tap its screen.',
  'no-packets': () => 'Nothing arrives from the phone.',
  'no-frames': () => 'Data arrives from the phone, but no new picture.',
  cpu: (figures) => `The phone is limited by its CPU${after(rates(figures))}.`,
  bandwidth: ({ bitrateBps, ...figures }) =>
    `The network limits the phone${after([bitrate(bitrateBps), sizes(figures) ?? rates(figures)])}.`,
  loss: ({ lossRatio = 0 }) => `${percent(lossRatio)} of packets lost on the way.`,
  decoder: (figures) => `This computer cannot keep up${after(rates(figures))}.`,
  camera: (figures) => `The phone’s camera gives few pictures${after(rates(figures))}.`,
  'low-fps': (figures) => `Few pictures arrive${after(rates(figures))}.`,
  black: () => 'The picture is black: is the lens covered?',
  silent: () => 'No sound comes from the phone’s microphone.',
  'sound-missing': () => 'The phone has a microphone, but its sound does not arrive.',
  clipped: () => 'The sound is too loud for the microphone.',
  latency: ({ latencyMs = 0 }) => `The picture is about ${latencyMs.toFixed(0)} ms old.`,
  battery: ({ batteryLevel = 0 }) => `The phone’s battery is at ${percent(batteryLevel)}.`,
  relayed: () => 'Relayed through TURN.',
  detail: (figures) =>
    `The picture has more detail than its bits can show${after(sizes(figures))}.`,
  none: () => 'All is well.',
};

/** See the head of this file. */
export const healthWords = {
  levels,
  alerts,
  /** Behind the name of a stream; nothing where all is well. */
  spoken: ({ level, reason }: Health): string =>
    level === 'good'
      ? ''
      : `, ${levels[level].toLowerCase()}${reason === undefined ? '' : `: ${alerts[reason].toLowerCase()}`}`,
  /** What is wrong, in one sentence. */
  diagnosis: ({ cause, figures }: Diagnosis): string => diagnoses[cause](figures),
};

/** Parts that are known, behind a colon. */
function after(parts: string | undefined | readonly (string | undefined)[]): string {
  const known = [parts].flat().filter((part) => part !== undefined);
  return known.length === 0 ? '' : `: ${known.join(', ')}`;
}

function rates(figures: DiagnosisFigures): string | undefined {
  const { framesPerSecond, fullFramesPerSecond } = figures;
  if (framesPerSecond === undefined) return undefined;
  const now = `${framesPerSecond.toFixed(0)} fps`;
  const full = fullFramesPerSecond?.toFixed(0);
  return full === undefined || Number(full) <= framesPerSecond ? now : `${now} of ${full}`;
}

function sizes({ size, fullSize }: DiagnosisFigures): string | undefined {
  if (size === undefined || fullSize === undefined || size === fullSize) return undefined;
  return `${size} of ${fullSize}`;
}

function bitrate(bps: number | undefined): string | undefined {
  if (bps === undefined) return undefined;
  return bps >= 1_000_000
    ? `${(bps / 1_000_000).toFixed(1)} Mbit/s`
    : `${(bps / 1_000).toFixed(0)} kbit/s`;
}

/** With a digit behind the point only where it matters. */
function percent(ratio: number): string {
  const hundredths = ratio * 100;
  return `${hundredths.toFixed(hundredths < 1 ? 1 : 0)} %`;
}
