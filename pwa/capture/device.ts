/**
 * What kind of device this page runs on: for the stream's default name, for the tile's icon, and
 * for telling people where their own browser hides its permissions. Nothing else depends on it.
 */
import * as v from 'valibot';
import type { Device } from '../../signal/protocol/fields';

/** What a browser says of itself, read once from `navigator`. */
export interface DeviceFacts {
  readonly userAgent: string;
  /** Tells an iPad from a Mac: iPadOS 13 and later calls itself a Macintosh. */
  readonly maxTouchPoints: number;
  /** `navigator.userAgentData` (User-Agent Client Hints): Chromium only, secure contexts only. */
  readonly hints?: { readonly mobile: boolean; readonly platform: string } | undefined;
}

const hintsSchema = v.object({
  userAgentData: v.object({ mobile: v.boolean(), platform: v.string() }),
});

/** Reads what {@link detectDevice} needs. */
export function readDeviceFacts(
  source: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>,
): DeviceFacts {
  const parsed = v.safeParse(hintsSchema, source);
  return {
    userAgent: source.userAgent,
    maxTouchPoints: source.maxTouchPoints,
    hints: parsed.success ? parsed.output.userAgentData : undefined,
  };
}

/** The device as tiles and help texts name it; absent where the browser does not tell. */
export function detectDevice(facts: DeviceFacts): Device {
  const platform = platformOf(facts);
  const browser = browserOf(facts.userAgent);
  return {
    kind: kindOf(facts, platform),
    ...(platform === undefined ? {} : { platform }),
    ...(browser === undefined ? {} : { browser }),
  };
}

/** A name for a stream that nobody has named yet. */
export function defaultLabel(device: Device): string {
  switch (device.platform) {
    case 'iOS':
      return 'iPhone camera';
    case 'iPadOS':
      return 'iPad camera';
    case 'Android':
      return device.kind === 'tablet' ? 'Android tablet camera' : 'Android camera';
    case undefined:
      return 'Camera';
    default:
      return `${device.platform} camera`;
  }
}

function platformOf({ userAgent, maxTouchPoints, hints }: DeviceFacts): string | undefined {
  const [platform] = platforms.find(([, sign]) => userAgent.includes(sign)) ?? [hints?.platform];
  if (platform === 'macOS' && maxTouchPoints > 1) return 'iPadOS';
  return platform === '' ? undefined : platform;
}

/** Each with its sign in the user agent; Android says Linux as well, so the order matters. */
const platforms = [
  ['iOS', 'iPhone'],
  ['iOS', 'iPod'],
  ['iPadOS', 'iPad'],
  ['macOS', 'Macintosh'],
  ['Android', 'Android'],
  ['ChromeOS', 'CrOS'],
  ['Windows', 'Windows'],
  ['Linux', 'Linux'],
] as const;

function kindOf(facts: DeviceFacts, platform: string | undefined): Device['kind'] {
  if (platform === 'iOS') return 'phone';
  if (platform === 'iPadOS') return 'tablet';
  if (platform === 'Android') {
    // Android tablets leave "Mobile" out; a phone asked for its desktop page still hints it.
    return facts.hints?.mobile === true || facts.userAgent.includes('Mobile') ? 'phone' : 'tablet';
  }
  return platforms.some(([known]) => known === platform) ? 'computer' : 'unknown';
}

/** Most browsers also claim to be Chrome or Safari, so the order matters. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//u, 'Edge'],
  [/OPR\/|OPT\/|Opera/u, 'Opera'],
  [/SamsungBrowser\//u, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//u, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//u, 'Chrome'],
  [/Version\/.*Safari\//u, 'Safari'],
];

function browserOf(userAgent: string): string | undefined {
  return browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
}
