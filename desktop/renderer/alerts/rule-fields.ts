/** How the limits of alert rules are shown and read in the settings: in units that people use. */
import { ALERT_KINDS, alertRules, type AlertKind } from '../health/alert-rules';
import type { AlertSettings } from '../health/alert-settings';

/** A number that can be set. */
export interface NumberField {
  readonly unit: string;
  /** What one of the unit is in the rule's own. */
  readonly factor: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const PERCENT: NumberField = { unit: '%', factor: 0.01, min: 1, max: 100, step: 1 };

/** The limits that mean something to set; the other rules are yes or no. */
export const limitFields: Partial<Record<AlertKind, NumberField>> = {
  frozen: { unit: 's', factor: 1_000, min: 1, max: 60, step: 0.1 },
  // Brightness goes from 0 to 255.
  black: { unit: '%', factor: 2.55, min: 1, max: 50, step: 0.1 },
  silent: { unit: 's', factor: 1_000, min: 1, max: 60, step: 0.5 },
  'high-loss': { ...PERCENT, min: 0.5, step: 0.5 },
  'low-fps': { unit: 'fps', factor: 1, min: 1, max: 30, step: 1 },
  'high-latency': { unit: 'ms', factor: 1, min: 50, max: 10_000, step: 10 },
  clipped: PERCENT,
  'battery-low': PERCENT,
};

/** How long something has to be bad. */
export const holdField: NumberField = { unit: 's', factor: 1_000, min: 0, max: 600, step: 1 };

/** What can be set of one rule. */
export type RuleChange = AlertSettings['rules'][AlertKind];

/** A rule's number in the unit of its field, without the noise of the conversion. */
export function shownValue(value: number, { factor }: NumberField): number {
  return Number((value / factor).toFixed(1));
}

/** Reads what was typed; undefined where it is no number or outside of what the field takes. */
export function readField(text: string, field: NumberField): number | undefined {
  const typed = text.trim().replace(',', '.');
  const value = Number(typed);
  if (typed === '' || !Number.isFinite(value) || value < field.min || value > field.max) {
    return undefined;
  }
  const inUnit = value * field.factor;
  return field.factor >= 1_000 ? Math.round(inUnit) : inUnit;
}

/** Settings with one rule changed; what is as the rule was delivered is not kept. */
export function withRule(
  settings: AlertSettings,
  kind: AlertKind,
  change: NonNullable<RuleChange>,
): AlertSettings {
  const { isOn, limit, holdMs } = { ...settings.rules[kind], ...change };
  const delivered = alertRules[kind];
  const rule: NonNullable<RuleChange> = {
    ...(isOn === false ? { isOn } : {}),
    ...(limit === undefined || limit === delivered.limit ? {} : { limit }),
    ...(holdMs === undefined || holdMs === delivered.holdMs ? {} : { holdMs }),
  };
  const rules: AlertSettings['rules'] = {};
  for (const other of ALERT_KINDS) {
    const kept = other === kind ? rule : settings.rules[other];
    if (kept !== undefined && Object.keys(kept).length > 0) rules[other] = kept;
  }
  return { ...settings, rules };
}
