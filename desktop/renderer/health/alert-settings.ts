/** What the operator set of the alert rules, kept in the browser. */
import * as v from 'valibot';
import { ALERT_KINDS, alertRules, type AlertKind, type AlertRule } from './alert-rules';

const STORAGE_KEY = 'sightline-alerts';

/** One rule's settings; what is absent stays as the rule has it. */
const ruleSettingsSchema = v.object({
  isOn: v.exactOptional(v.boolean()),
  limit: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  holdMs: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000))),
});

/** All that can be set. */
export const alertSettingsSchema = v.object({
  /** Plays a sound when an alert is raised. */
  hasSound: v.boolean(),
  rules: v.record(v.picklist(ALERT_KINDS), ruleSettingsSchema),
});

export type AlertSettings = v.InferOutput<typeof alertSettingsSchema>;

/** As they are before anybody sets anything. */
export const defaultAlertSettings: AlertSettings = { hasSound: false, rules: {} };

/** The rule as it is to be applied; undefined where it is switched off. */
export function ruleOf(kind: AlertKind, { rules }: AlertSettings): AlertRule | undefined {
  const { isOn = true, ...set } = rules[kind] ?? {};
  return isOn ? { ...alertRules[kind], ...set } : undefined;
}

/** Where settings are kept; `localStorage` fits. */
export type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Reads what was kept; what is missing or makes no sense gives the defaults. */
export function readAlertSettings(storage: SettingsStorage | undefined): AlertSettings {
  try {
    const kept = storage?.getItem(STORAGE_KEY);
    if (kept === null || kept === undefined) return defaultAlertSettings;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), alertSettingsSchema), kept);
    return parsed.success ? parsed.output : defaultAlertSettings;
  } catch {
    // A browser may refuse its storage altogether: the console works without.
    return defaultAlertSettings;
  }
}

/** Keeps settings. @returns false where the browser refuses: they hold until the page closes. */
export function keepAlertSettings(
  storage: SettingsStorage | undefined,
  settings: AlertSettings,
): boolean {
  try {
    storage?.setItem(STORAGE_KEY, JSON.stringify(settings));
    return storage !== undefined;
  } catch {
    return false;
  }
}
