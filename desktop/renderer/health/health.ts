/**
 * How a stream is, in one word, with the reason: a pure function of its state and the alerts that
 * stand. Alerts have hysteresis, and so has this.
 */
import type { TileStateName } from '../streams/tile-state';
import { alertRules, type AlertKind, type AlertSeverity } from './alert-rules';

export type HealthLevel = 'good' | 'fair' | 'poor' | 'lost';

/** A level, and the alert that is to blame; none where all is well or the stream is gone. */
export interface Health {
  readonly level: HealthLevel;
  readonly reason: AlertKind | undefined;
}

const LEVELS: Record<AlertSeverity, HealthLevel> = {
  critical: 'poor',
  warning: 'fair',
  notice: 'good',
};

/** Several warnings at once are no longer fair. */
const MAX_FAIR_WARNINGS = 2;

/**
 * Judges a stream.
 * @param raised its alerts, the most urgent first, as `AlertEngine.alertsOf` gives them.
 */
export function healthOf(state: TileStateName, raised: readonly AlertKind[]): Health {
  const [reason] = raised;
  if (state === 'ended' || state === 'reconnecting') return { level: 'lost', reason };
  if (reason === undefined) return { level: 'good', reason };
  const warnings = raised.filter((kind) => alertRules[kind].severity === 'warning').length;
  const level = LEVELS[alertRules[reason].severity];
  return { level: level === 'fair' && warnings > MAX_FAIR_WARNINGS ? 'poor' : level, reason };
}
