import { describe, expect, it } from 'vitest';
import { detectDevice } from '../capture/device';
import { platformOf } from './platform';

const agents = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  android:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
};

const platformFor = (userAgent: string, maxTouchPoints = 0) =>
  platformOf(detectDevice({ userAgent, maxTouchPoints }));

describe('platformOf', () => {
  it('finds the steps that fit', () => {
    expect(platformFor(agents.iphone, 5)).toBe('ios');
    expect(platformFor(agents.android, 5)).toBe('android');
    expect(platformFor(agents.windows, 10)).toBe('computer');
    expect(platformFor(agents.mac)).toBe('computer');
  });

  it('sees through an iPad that calls itself a Mac', () => {
    expect(platformFor(agents.mac, 5)).toBe('ios');
  });

  it('takes what says nothing of itself for an Android', () => {
    expect(platformFor('')).toBe('android');
  });
});
