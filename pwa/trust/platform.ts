import type { Device } from '../../signal/protocol/fields';

/** Platforms that each have steps of their own, in the order of their tabs. */
export const PLATFORM_IDS = ['ios', 'android', 'computer'] as const;

export type PlatformId = (typeof PLATFORM_IDS)[number];

/** The steps that fit a device; a phone that says nothing of itself is most likely an Android. */
export function platformOf({ platform, kind }: Device): PlatformId {
  if (platform === 'iOS' || platform === 'iPadOS') return 'ios';
  if (platform === 'Android') return 'android';
  return kind === 'computer' ? 'computer' : 'android';
}
