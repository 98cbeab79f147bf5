import type { Device } from '../../../signal/protocol/fields';

/** The systems a console is likely on, as its browser names them. */
const PLATFORMS = [
  ['Windows', /Windows/u],
  ['ChromeOS', /CrOS/u],
  ['Android', /Android/u],
  ['iOS', /iPhone|iPad/u],
  ['macOS', /Mac OS X/u],
  ['Linux', /Linux/u],
] as const;

/** Most special first: nearly all call themselves Chrome or Safari too. */
const BROWSERS = [
  ['Sightline desktop', /Electron\//u],
  ['Edge', /Edg\//u],
  ['Firefox', /Firefox\/|FxiOS\//u],
  ['Chrome', /Chrome\/|CriOS\//u],
  ['Safari', /Safari\//u],
] as const;

/** What other operators are shown of this console; a rough word, from the user agent. */
export function describeDevice(userAgent: string): Device {
  const platform = PLATFORMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const browser = BROWSERS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const isHandheld = platform === 'Android' || platform === 'iOS';
  return {
    kind: isHandheld ? (/Mobi|iPhone/u.test(userAgent) ? 'phone' : 'tablet') : 'computer',
    ...(platform === undefined ? {} : { platform }),
    ...(browser === undefined ? {} : { browser }),
  };
}
