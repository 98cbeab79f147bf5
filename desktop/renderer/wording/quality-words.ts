/** What the console says about the quality that it asks phones for. */
export type QualityKind = 'auto' | 'data-saver' | 'sharp' | 'smooth' | 'exact';

const kinds: Record<QualityKind, { readonly name: string; readonly hint: string }> = {
  auto: { name: 'Automatic', hint: 'As large as the tile shows' },
  'data-saver': { name: 'Data saver', hint: 'At most 640 pixels wide, 15 fps' },
  sharp: { name: 'Sharp', hint: 'Full size; gives up smoothness first' },
  smooth: { name: 'Smooth', hint: 'Full rate; gives up size first' },
  exact: { name: 'Exact values', hint: 'Size, frame rate and bitrate as set here' },
};

/** Grouped by where they are said. */
export const qualityWords = {
  item: 'Quality…',
  heading: (label: string) => `Quality of ${label}`,
  group: 'What the phone sends to this console',
  kind: (kind: QualityKind) => kinds[kind],
  absent: 'This phone takes no wishes now: it is not connected, or its page is too old.',
  scale: 'Size',
  percent: (scale: number) => `${Math.round(scale * 100)} %`,
  framerate: 'Frame rate',
  framerateUnit: 'fps',
  bitrate: 'Bitrate',
  bitrateUnit: 'kbit/s',
  asFits: 'As fits',
  between: (least: number, most: number) => `From ${least} to ${most}, or empty`,
  pin: 'Pin',
  pinHint: 'Sends this also while the tile is small or hidden',
  asked: 'Asked for',
  sent: 'Phone sends',
  shown: 'Shown here',
  picture: 'Picture',
  rate: 'Rate',
  bits: 'Bits',
  unknown: '–',
  stopped: 'Nothing: hidden',
  ignored: 'The phone’s browser did not take everything it was asked for.',
  close: 'Close',
} as const;
