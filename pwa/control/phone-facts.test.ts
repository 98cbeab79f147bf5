import { describe, expect, it } from 'vitest';
import { PhoneFactsReader, type FactsView } from './phone-facts';

const BARE: FactsView = {
  navigator: { onLine: true },
  document: { visibilityState: 'visible' },
  matchMedia: () => ({ matches: true }),
};

describe('a phone', () => {
  it('tells what its browser knows', async () => {
    const battery = { level: 0.75, charging: true };
    const reader = new PhoneFactsReader({
      ...BARE,
      navigator: {
        onLine: true,
        getBattery: () => Promise.resolve(battery),
        connection: { type: 'wifi', effectiveType: '4g' },
      },
    });
    expect(reader.read()).toEqual({
      network: 'wifi',
      orientation: 'portrait',
      isPageVisible: true,
    });
    await Promise.resolve();
    battery.level = 0.5;
    expect(reader.read()).toMatchObject({ batteryLevel: 0.5, isCharging: true });
  });

  it('leaves out what it does not, or does not say plainly', async () => {
    const reader = new PhoneFactsReader({
      navigator: {
        onLine: true,
        getBattery: () => Promise.reject(new DOMException('', 'NotAllowedError')),
        connection: { effectiveType: 'slow, very slow' },
      },
      document: { visibilityState: 'hidden' },
      matchMedia: () => ({ matches: false }),
    });
    await Promise.resolve();
    expect(reader.read()).toEqual({ orientation: 'landscape', isPageVisible: false });
    expect(new PhoneFactsReader(BARE).read()).toMatchObject({ isPageVisible: true });
  });
});
