import type { Device } from '../../../signal/protocol/fields';
import { words } from '../wording';

/** A device in a few words, as it describes itself: `Chrome on Android`. */
export function deviceWords(device: Device | undefined): string {
  const { browser, platform, kind } = device ?? { kind: 'unknown' };
  if (browser !== undefined && platform !== undefined) return `${browser} on ${platform}`;
  if (browser !== undefined || platform !== undefined) return browser ?? platform ?? '';
  return kind === 'unknown' ? words.room.people.unknownDevice : words.tile.deviceKind(kind);
}
