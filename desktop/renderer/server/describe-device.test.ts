import { expect, it } from 'vitest';
import { describeDevice } from './describe-device';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Chrome/126.0 Safari/537.36 Edg/126.0`,
    { kind: 'computer', platform: 'Windows', browser: 'Edge' },
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} sightline/0.1.0 Chrome/114.0 Electron/25.9 Safari/537.36`,
    { kind: 'computer', platform: 'Linux', browser: 'Sightline desktop' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
    { kind: 'phone', platform: 'iOS', browser: 'Safari' },
  ],
  ['', { kind: 'computer' }],
] as const)('describes %j', (userAgent, device) => {
  expect(describeDevice(userAgent)).toEqual(device);
});
