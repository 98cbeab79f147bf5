import { describe, expect, it } from 'vitest';
import { alertRules } from '../health/alert-rules';
import { defaultAlertSettings } from '../health/alert-settings';
import { holdField, limitFields, readField, shownValue, withRule } from './rule-fields';

const loss = limitFields['high-loss']!;

describe('a field of the alert settings', () => {
  it.each([
    ['5', 0.05],
    [' 7,5 ', 0.075],
    ['0', undefined],
    ['101', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    ['five', undefined],
    ['NaN', undefined],
  ])('reads %j as %s', (text, value) => {
    expect(readField(text, loss)).toEqual(value === undefined ? undefined : expect.closeTo(value));
  });

  it('shows in whole units what a rule has, and reads back the same', () => {
    for (const [kind, field] of Object.entries(limitFields)) {
      const { limit } = alertRules[kind as keyof typeof limitFields];
      const shown = shownValue(limit, field);
      expect(readField(String(shown), field)! / limit, kind).toBeCloseTo(1, 2);
    }
  });

  it('keeps times in whole milliseconds', () => {
    expect(readField('1.2345', holdField)).toBe(1_235);
  });
});

describe('changing a rule', () => {
  it('keeps what differs from the rule as it was delivered, and no more', () => {
    const off = withRule(defaultAlertSettings, 'black', { isOn: false });
    expect(off.rules).toEqual({ black: { isOn: false } });
    const both = withRule(off, 'high-loss', { limit: 0.1 });
    expect(both.rules).toEqual({ black: { isOn: false }, 'high-loss': { limit: 0.1 } });
    expect(withRule(both, 'black', { isOn: true }).rules).toEqual({ 'high-loss': { limit: 0.1 } });
    const { limit } = alertRules['high-loss'];
    expect(withRule(both, 'high-loss', { limit }).rules).toEqual({ black: { isOn: false } });
  });
});
