/** A sample's figures as people read them. What the browser does not give is left out. */
import type { LatencyEstimate } from '../../../signal/rtc/stats/latency-estimate';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import { words } from '../wording';

/** A figure with its name. */
export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** The parts of the line that is always on the tile: frame rate, size and bitrate. */
export function shortFigures(sample: StreamSample | undefined): string[] {
  if (sample === undefined) return [];
  return [frameRate(sample), size(sample), bitrate(sample.videoBitrateBps)].filter(isPresent);
}

/** All figures there are. */
export function allFigures(sample: StreamSample | undefined, latency?: LatencyEstimate): Figure[] {
  if (sample === undefined) return [];
  const { figures } = words;
  const rows: [string, string | undefined][] = [
    [figures.picture, size(sample)],
    [figures.frameRate, frameRate(sample)],
    [figures.codec, sample.videoCodec],
    [figures.videoBitrate, bitrate(sample.videoBitrateBps)],
    [figures.audioBitrate, bitrate(sample.audioBitrateBps)],
    [figures.delay, latency === undefined ? undefined : estimate(latency)],
    [figures.roundTripTime, milliseconds(sample.roundTripTimeMs)],
    [figures.jitter, milliseconds(sample.jitterMs)],
    [figures.loss, percent(sample.packetsLostRatio)],
    [figures.dropped, sample.framesDropped?.toString()],
    [figures.freezes, sample.freezeCount?.toString()],
    [figures.path, path(sample)],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The same figures for programs: attributes of the tile; an absent figure is an absent attribute. */
export function figureAttributes(sample: StreamSample | undefined): Record<string, string> {
  const values: Record<string, string | undefined> = {
    'data-fps': rounded(sample?.framesPerSecond, 1),
    'data-width': sample?.width?.toString(),
    'data-height': sample?.height?.toString(),
    'data-bitrate-bps': rounded(sample?.videoBitrateBps, 0),
    'data-rtt-ms': rounded(sample?.roundTripTimeMs, 2),
    'data-loss': rounded(sample?.packetsLostRatio, 5),
    'data-codec': sample?.videoCodec,
    // Absent also where it is known to be direct: programs look for what is out of the ordinary.
    'data-relayed': sample?.isRelayed === true ? 'true' : undefined,
  };
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/** How old the picture is, for programs; absent where it cannot be estimated. */
export function latencyAttributes(latency: LatencyEstimate | undefined): Record<string, string> {
  if (latency === undefined) return {};
  return {
    'data-latency-ms': latency.latencyMs.toFixed(0),
    'data-latency-error-ms': latency.errorMs.toFixed(0),
  };
}

/** An estimate says that it is one, and how far it may be off. */
function estimate({ latencyMs, errorMs }: LatencyEstimate): string {
  return `≈ ${latencyMs.toFixed(0)} ms ± ${errorMs.toFixed(0)}`;
}

function frameRate({ framesPerSecond }: StreamSample): string | undefined {
  return framesPerSecond === undefined ? undefined : `${framesPerSecond.toFixed(0)} fps`;
}

function size({ width, height }: StreamSample): string | undefined {
  return width === undefined || height === undefined ? undefined : `${width}×${height}`;
}

function bitrate(bps: number | undefined): string | undefined {
  if (bps === undefined) return undefined;
  if (bps >= 1_000_000) return `${(bps / 1_000_000).toFixed(1)} Mbit/s`;
  return `${(bps / 1_000).toFixed(0)} kbit/s`;
}

function milliseconds(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percent(ratio: number | undefined): string | undefined {
  return ratio === undefined ? undefined : `${(ratio * 100).toFixed(1)} %`;
}

/** Candidate types here and there, the protocol between them, and another one to the own relay. */
function path(sample: StreamSample): string | undefined {
  const { localCandidateType, remoteCandidateType, transportProtocol, relayProtocol } = sample;
  if (localCandidateType === undefined || remoteCandidateType === undefined) return undefined;
  const parts = [
    `${localCandidateType} – ${remoteCandidateType}`,
    transportProtocol?.toUpperCase(),
    relayProtocol === undefined || relayProtocol === transportProtocol
      ? undefined
      : words.figures.relayedBy(relayProtocol.toUpperCase()),
  ];
  return parts.filter(isPresent).join(', ');
}

function rounded(value: number | undefined, digits: number): string | undefined {
  // Through a number once more: `30`, not `30.0`.
  return value === undefined ? undefined : Number(value.toFixed(digits)).toString();
}

function isPresent(value: string | undefined): value is string {
  return value !== undefined;
}
