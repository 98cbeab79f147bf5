import { describe, expect, it } from 'vitest';
import {
  defaultAlertSettings,
  keepAlertSettings,
  readAlertSettings,
  ruleOf,
  type AlertSettings,
} from './alert-settings';

function storageWith(kept?: string): Pick<Storage, 'getItem' | 'setItem'> {
  let text = kept ?? null;
  return { getItem: () => text, setItem: (_key, value) => (text = value) };
}

const settings: AlertSettings = {
  hasSound: true,
  rules: { black: { isOn: false }, 'high-loss': { limit: 0.1, holdMs: 1_000 } },
};

describe('alert settings', () => {
  it('come back as they were kept', () => {
    const storage = storageWith();
    expect(keepAlertSettings(storage, settings)).toBe(true);
    expect(readAlertSettings(storage)).toEqual(settings);
  });

  it('change what they name and leave the rest of a rule', () => {
    expect(ruleOf('black', settings)).toBeUndefined();
    expect(ruleOf('high-loss', settings)).toMatchObject({
      limit: 0.1,
      holdMs: 1_000,
      isBad: 'above',
    });
    expect(ruleOf('frozen', settings)).toEqual(ruleOf('frozen', defaultAlertSettings));
  });

  it.each([
    undefined,
    '',
    '{',
    'null',
    '{"hasSound":true}',
    '{"hasSound":true,"rules":{"black":{"limit":-1}}}',
    '{"hasSound":true,"rules":{"unheard-of":{"limit":1}}}',
  ])('are the defaults where %s was kept', (kept) => {
    expect(readAlertSettings(storageWith(kept))).toEqual(defaultAlertSettings);
  });

  it('hold for the session where the browser denies its storage', () => {
    const denied = {
      getItem: () => {
        throw new DOMException('denied');
      },
      setItem: () => {
        throw new DOMException('denied');
      },
    };
    expect(readAlertSettings(denied)).toEqual(defaultAlertSettings);
    expect(keepAlertSettings(denied, settings)).toBe(false);
    expect(keepAlertSettings(undefined, settings)).toBe(false);
  });
});
