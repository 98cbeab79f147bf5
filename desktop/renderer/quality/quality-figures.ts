/** What was asked of a phone's encoder, what it sends and what is shown, side by side: pure. */
import type { AppliedQuality } from '../../../signal/protocol/control-reports';
import type { StreamSnapshot } from '../statistics/stream-monitor';
import { qualityWords } from '../wording/quality-words';

/** One line of the comparison, in words. */
export interface QualityRow {
  readonly name: string;
  readonly value: string;
}

interface Figures {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly framesPerSecond?: number | undefined;
  readonly videoBitrateBps?: number | undefined;
}

/** Compares; what is unknown is left out. */
export function compareQuality(
  applied: AppliedQuality | undefined,
  snapshot: Pick<StreamSnapshot, 'facts' | 'telemetry'> | undefined,
): QualityRow[] {
  const sending = snapshot?.telemetry?.sending;
  return [
    { name: qualityWords.asked, value: askedOf(applied, sending) },
    { name: qualityWords.sent, value: textOf(sending ?? {}) },
    { name: qualityWords.shown, value: textOf(snapshot?.facts.sample ?? {}) },
  ];
}

/** Browsers round what they are given; a difference below this part is no difference. */
const ROUNDING = 0.01;

/** Whether the phone's browser took all that it was asked for; true while nothing was. */
export function isTaken(applied: AppliedQuality | undefined): boolean {
  if (applied === undefined) return true;
  const { requested, actual } = applied;
  if (requested.isActive !== actual.isActive) return false;
  return (['scaleResolutionDownBy', 'maxFramerate', 'maxBitrateBps'] as const).every((name) => {
    const given = actual[name];
    return given !== undefined && Math.abs(given - requested[name]) <= ROUNDING * requested[name];
  });
}

function askedOf(
  applied: AppliedQuality | undefined,
  capture: { captureWidth?: number; captureHeight?: number } | undefined,
): string {
  if (applied === undefined) return qualityWords.unknown;
  const { isActive, scaleResolutionDownBy, maxFramerate, maxBitrateBps } = applied.requested;
  if (!isActive) return qualityWords.stopped;
  const scaled = (side: number | undefined): number | undefined =>
    side === undefined ? undefined : Math.round(side / scaleResolutionDownBy);
  return textOf({
    width: scaled(capture?.captureWidth),
    height: scaled(capture?.captureHeight),
    framesPerSecond: maxFramerate,
    videoBitrateBps: maxBitrateBps,
  });
}

function textOf({ width, height, framesPerSecond, videoBitrateBps }: Figures): string {
  const parts = [
    width === undefined || height === undefined ? undefined : `${width}×${height}`,
    framesPerSecond === undefined ? undefined : `${Math.round(framesPerSecond)} fps`,
    videoBitrateBps === undefined ? undefined : bitsOf(videoBitrateBps),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? qualityWords.unknown : parts.join(' · ');
}

function bitsOf(bitsPerSecond: number): string {
  const kilobits = bitsPerSecond / 1000;
  return kilobits < 1000
    ? `${Math.round(kilobits)} kbit/s`
    : `${(kilobits / 1000).toFixed(1)} Mbit/s`;
}
