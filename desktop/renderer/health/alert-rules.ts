/**
 * When something is worth an alert: one rule for each kind, pure. A rule reads one figure from the
 * facts of a stream and compares it with its limit; what it cannot read is no reason for an alert.
 *
 * Black, frozen and silent are raised and cleared within 4 s: the sample may be 1 s old, the rest is
 * the limit and the hold.
 */
import type { HealthFacts } from './health-facts';
import { networkShare } from './network-share';

/** Every kind of alert, the most urgent first. */
export const ALERT_KINDS = [
  'paused',
  'frozen',
  'black',
  'silent',
  'high-loss',
  'low-fps',
  'high-latency',
  'cpu-limited',
  'network-limited',
  'clipped',
  'battery-low',
  'relayed',
] as const;

export type AlertKind = (typeof ALERT_KINDS)[number];

/** `critical`: the audience sees it. `warning`: it soon may. `notice`: worth knowing. */
export type AlertSeverity = 'critical' | 'warning' | 'notice';

/** A rule. Limits are in the unit of what is read. */
export interface AlertRule {
  readonly severity: AlertSeverity;
  /** The figure, or undefined where it is unknown or means nothing now. */
  readonly read: (facts: HealthFacts) => number | undefined;
  /** Which side of the limit is the bad one. */
  readonly isBad: 'above' | 'below';
  /** At or beyond this it is bad. */
  readonly limit: number;
  /** Once raised, it clears at or on the good side of this much of the limit. */
  readonly clearFactor: number;
  /** How long it has to be bad before the alert is raised, in milliseconds. */
  readonly holdMs: number;
  /** How long it has to be good before the alert clears, in milliseconds. */
  readonly releaseMs: number;
}

/** Two looks in a row, which may be a little less than 1 s apart. */
const ONE_LOOK_MS = 900;

/** Standard deviation of brightness below which a picture has no content. */
const PLAIN_DEVIATION = 8;

/** The rules as they are until the operator sets others. */
export const alertRules: Readonly<Record<AlertKind, AlertRule>> = {
  paused: {
    severity: 'critical',
    read: ({ capture, state }) => flag(state !== 'ended' && capture.state !== 'active'),
    isBad: 'above',
    limit: 1,
    clearFactor: 0.5,
    holdMs: 0,
    releaseMs: 0,
  },
  frozen: {
    severity: 'critical',
    // Milliseconds for which no new picture came.
    read: (facts) => (expectsPicture(facts) ? facts.sample?.pictureStoppedForMs : undefined),
    isBad: 'above',
    // Two samples, which may be a little less than 1 s apart.
    limit: 1_900,
    clearFactor: 0.25,
    holdMs: 0,
    releaseMs: ONE_LOOK_MS,
  },
  black: {
    severity: 'critical',
    // Mean brightness of a picture without content; anything with content is not black.
    read: (facts) => {
      if (!expectsPicture(facts) || facts.luma === undefined) return undefined;
      return facts.luma.deviation < PLAIN_DEVIATION ? facts.luma.mean : 255;
    },
    isBad: 'below',
    limit: 16,
    clearFactor: 1.5,
    holdMs: ONE_LOOK_MS,
    releaseMs: ONE_LOOK_MS,
  },
  silent: {
    severity: 'warning',
    // Milliseconds for which nothing was heard.
    read: (facts) => (expectsSound(facts) ? facts.sound?.silentForMs : undefined),
    isBad: 'above',
    limit: 2_500,
    clearFactor: 0.4,
    holdMs: 0,
    releaseMs: ONE_LOOK_MS,
  },
  'high-loss': {
    severity: 'warning',
    read: ({ sample }) => sample?.packetsLostRatio,
    isBad: 'above',
    limit: 0.05,
    clearFactor: 0.5,
    holdMs: 3_000,
    releaseMs: 4_000,
  },
  'low-fps': {
    severity: 'warning',
    // What came of what may come: a stream that was asked for less is not slow.
    read: (facts) => {
      const { sample, maxFramerate = FULL_FRAMERATE } = facts;
      if (!expectsPicture(facts) || sample?.framesPerSecond === undefined) return undefined;
      return sample.framesPerSecond * Math.max(1, FULL_FRAMERATE / maxFramerate);
    },
    isBad: 'below',
    limit: 12,
    clearFactor: 1.25,
    holdMs: 3_000,
    releaseMs: 3_000,
  },
  'high-latency': {
    severity: 'warning',
    read: ({ latencyMs }) => latencyMs,
    isBad: 'above',
    limit: 500,
    clearFactor: 0.8,
    holdMs: 3_000,
    releaseMs: 3_000,
  },
  'cpu-limited': {
    severity: 'warning',
    read: ({ telemetry }) =>
      telemetry === undefined
        ? undefined
        : flag(telemetry.sending.qualityLimitationReason === 'cpu'),
    isBad: 'above',
    limit: 1,
    clearFactor: 0.5,
    holdMs: 5_000,
    releaseMs: 5_000,
  },
  'network-limited': {
    severity: 'warning',
    // Part of the wanted bits that go through.
    read: (facts) => (expectsPicture(facts) ? networkShare(facts) : undefined),
    isBad: 'below',
    limit: 0.5,
    clearFactor: 1.4,
    holdMs: 3_000,
    releaseMs: 4_000,
  },
  clipped: {
    severity: 'warning',
    read: (facts) => (expectsSound(facts) ? facts.sound?.clippedRatio : undefined),
    isBad: 'above',
    limit: 0.3,
    clearFactor: 0.4,
    holdMs: ONE_LOOK_MS,
    releaseMs: 0,
  },
  'battery-low': {
    severity: 'notice',
    read: ({ telemetry }) => {
      if (telemetry?.phone.batteryLevel === undefined) return undefined;
      return telemetry.phone.isCharging === true ? 1 : telemetry.phone.batteryLevel;
    },
    isBad: 'below',
    limit: 0.2,
    clearFactor: 1.25,
    holdMs: 0,
    releaseMs: 0,
  },
  relayed: {
    severity: 'notice',
    read: ({ sample }) => (sample?.isRelayed === undefined ? undefined : flag(sample.isRelayed)),
    isBad: 'above',
    limit: 1,
    clearFactor: 0.5,
    holdMs: 2_000,
    releaseMs: 2_000,
  },
};

/** What phones send unless told otherwise, in frames a second. */
const FULL_FRAMERATE = 30;

/** A picture should come: the phone has a camera at work, and this console wants to see it. */
function expectsPicture({ state, capture, isPictureWanted }: HealthFacts): boolean {
  return (
    isPictureWanted && capture.state === 'active' && state !== 'ended' && state !== 'connecting'
  );
}

function expectsSound({ state, capture }: HealthFacts): boolean {
  const isAlive = state !== 'ended' && state !== 'connecting';
  return isAlive && capture.state === 'active' && capture.hasAudio && !capture.microphoneMuted;
}

function flag(is: boolean): number {
  return is ? 1 : 0;
}
