import { describe, expect, it } from 'vitest';
import { defaultLabel, detectDevice, readDeviceFacts } from './device';

const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';

const devices = [
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ' + safari, 5, 'phone', 'iOS', 'Safari'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1',
    5,
    'phone',
    'iOS',
    'Chrome',
  ],
  ['Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ' + safari, 5, 'tablet', 'iPadOS', 'Safari'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    0,
    'computer',
    'macOS',
    'Safari',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${chrome} Mobile Safari/537.36`,
    5,
    'phone',
    'Android',
    'Chrome',
  ],
  [
    `Mozilla/5.0 (Linux; Android 13; SM-X200) ${chrome} Safari/537.36`,
    5,
    'tablet',
    'Android',
    'Chrome',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    5,
    'phone',
    'Android',
    'Samsung Internet',
  ],
  [
    'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
    5,
    'phone',
    'Android',
    'Firefox',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0.0.0`,
    0,
    'computer',
    'Windows',
    'Edge',
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 15633.69.0) ${chrome} Safari/537.36`,
    0,
    'computer',
    'ChromeOS',
    'Chrome',
  ],
  [`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`, 0, 'computer', 'Linux', 'Chrome'],
] as const;

describe('detectDevice', () => {
  it.each(devices)('reads %s', (userAgent, maxTouchPoints, kind, platform, browser) => {
    expect(detectDevice({ userAgent, maxTouchPoints })).toEqual({ kind, platform, browser });
  });

  it('knows an iPad that calls itself a Mac by its touch screen', () => {
    const userAgent =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';
    expect(detectDevice({ userAgent, maxTouchPoints: 5 })).toEqual({
      kind: 'tablet',
      platform: 'iPadOS',
      browser: 'Safari',
    });
  });

  it('knows a phone that was asked for its desktop page by its hint', () => {
    const userAgent = `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Safari/537.36`;
    const hints = { mobile: true, platform: 'Android' };
    expect(detectDevice({ userAgent, maxTouchPoints: 5, hints }).kind).toBe('phone');
  });

  it('leaves out what it does not know', () => {
    expect(detectDevice({ userAgent: 'Something/1.0', maxTouchPoints: 0 })).toEqual({
      kind: 'unknown',
    });
  });
});

describe('readDeviceFacts', () => {
  it('takes hints only in the shape they are specified in', () => {
    const source = { userAgent: 'A', maxTouchPoints: 0 };
    const good = { mobile: true, platform: 'Android' };
    expect(readDeviceFacts({ ...source, ...{ userAgentData: good } }).hints).toEqual(good);
    expect(readDeviceFacts({ ...source, ...{ userAgentData: 'phone' } }).hints).toBeUndefined();
    expect(readDeviceFacts(source).hints).toBeUndefined();
  });
});

describe('defaultLabel', () => {
  it.each([
    [{ kind: 'phone', platform: 'iOS' }, 'iPhone camera'],
    [{ kind: 'tablet', platform: 'iPadOS' }, 'iPad camera'],
    [{ kind: 'phone', platform: 'Android' }, 'Android camera'],
    [{ kind: 'tablet', platform: 'Android' }, 'Android tablet camera'],
    [{ kind: 'computer', platform: 'macOS' }, 'macOS camera'],
    [{ kind: 'unknown' }, 'Camera'],
  ] as const)('names %j', (device, label) => {
    expect(defaultLabel(device)).toBe(label);
  });
});
