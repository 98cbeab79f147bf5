/**
 * From a viewer's `getStats` report to the figures of a tile: pure functions of two reports.
 * Counters are diffed; one that went back means that the connection was rebuilt, and the interval
 * has no figure. A figure the browser does not give is absent, never 0 (W3C webrtc-stats).
 */
import { difference, positive, quotient, scaled } from './counters';
import { mediaPath, selectedPair, type MediaPath } from './media-path';
import { present, readNumber, readText, type StatsEntry, type StatsReport } from './stats-entry';

/** The figures of one stream at one moment. */
export interface StreamSample extends MediaPath {
  /** When it was taken: `performance.now()` of the sampling page, in milliseconds. */
  readonly takenAt: number;
  readonly framesPerSecond?: number;
  readonly width?: number;
  readonly height?: number;
  readonly videoBitrateBps?: number;
  readonly audioBitrateBps?: number;
  readonly roundTripTimeMs?: number;
  readonly jitterMs?: number;
  /** Part of the video packets of this interval that never came, 0 to 1. */
  readonly packetsLostRatio?: number;
  /** As in its MIME type, such as `VP8`. */
  readonly videoCodec?: string;
  /** Linear, 0 to 1. */
  readonly audioLevel?: number;
  /** Since the connection began. */
  readonly framesDropped?: number;
  readonly freezeCount?: number;
  readonly framesDecoded?: number;
  readonly packetsReceived?: number;
  /** Frames were decoded since the sample before. */
  readonly isPictureMoving: boolean;
  /** Video packets arrived since the sample before. */
  readonly packetsArrive: boolean;
  /** Time since a frame was last seen decoded, in milliseconds; 0 while the picture moves. */
  readonly pictureStoppedForMs: number;
}

/** What the next sample needs of this one. */
export interface SampleMemory {
  readonly sample: StreamSample;
  readonly counters: Counters;
}

interface Counters {
  /** SSRC of the pictures: another one counts from zero, even where its count is higher. */
  readonly videoSource?: number;
  readonly audioSource?: number;
  /** Time of the report's video entry, in milliseconds, by the browser's clock. */
  readonly timestamp?: number;
  readonly videoBytes?: number;
  readonly audioBytes?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
}

/**
 * Takes a sample.
 * @param report the newest report; undefined while there is no connection.
 * @param previous what the sample before returned.
 * @param takenAt `performance.now()`, in milliseconds.
 */
export function sampleStream(
  report: StatsReport | undefined,
  previous: SampleMemory | undefined,
  takenAt: number,
): SampleMemory {
  const entries = new Map<string, StatsEntry>();
  report?.forEach((entry) => {
    const id = readText(entry, 'id');
    if (id !== undefined) entries.set(id, entry);
  });
  const all = [...entries.values()];
  const video = all.find((entry) => isInbound(entry, 'video'));
  const audio = all.find((entry) => isInbound(entry, 'audio'));
  const pair = selectedPair(entries);
  const counters = readCounters(video, audio);
  const before = comparable(previous?.counters ?? {}, counters);
  const seconds = difference(counters.timestamp, before.timestamp, 0.001);
  const decoded = difference(counters.framesDecoded, before.framesDecoded);
  const packets = difference(counters.packetsReceived, before.packetsReceived);
  const isPictureMoving = (decoded ?? counters.framesDecoded ?? 0) > 0;
  return {
    counters,
    sample: {
      takenAt,
      ...present({
        framesPerSecond: quotient(decoded, seconds) ?? readNumber(video, 'framesPerSecond'),
        width: positive(readNumber(video, 'frameWidth')),
        height: positive(readNumber(video, 'frameHeight')),
        videoBitrateBps: quotient(difference(counters.videoBytes, before.videoBytes, 8), seconds),
        audioBitrateBps: quotient(difference(counters.audioBytes, before.audioBytes, 8), seconds),
        roundTripTimeMs: scaled(readNumber(pair, 'currentRoundTripTime'), 1000),
        jitterMs: scaled(readNumber(video, 'jitter'), 1000),
        packetsLostRatio: lossRatio(difference(counters.packetsLost, before.packetsLost), packets),
        videoCodec: codecName(entries.get(readText(video, 'codecId') ?? '')),
        audioLevel: readNumber(audio, 'audioLevel'),
        framesDropped: readNumber(video, 'framesDropped'),
        freezeCount: readNumber(video, 'freezeCount'),
        framesDecoded: counters.framesDecoded,
        packetsReceived: counters.packetsReceived,
      }),
      ...mediaPath(entries),
      isPictureMoving,
      packetsArrive: (packets ?? counters.packetsReceived ?? 0) > 0,
      pictureStoppedForMs: isPictureMoving
        ? 0
        : (previous?.sample.pictureStoppedForMs ?? 0) +
          (takenAt - (previous?.sample.takenAt ?? takenAt)),
    },
  };
}

function isInbound(entry: StatsEntry, kind: 'audio' | 'video'): boolean {
  return entry['type'] === 'inbound-rtp' && entry['kind'] === kind;
}

function readCounters(video: StatsEntry | undefined, audio: StatsEntry | undefined): Counters {
  return present({
    videoSource: readNumber(video, 'ssrc'),
    audioSource: readNumber(audio, 'ssrc'),
    timestamp: readNumber(video, 'timestamp') ?? readNumber(audio, 'timestamp'),
    videoBytes: readNumber(video, 'bytesReceived'),
    audioBytes: readNumber(audio, 'bytesReceived'),
    packetsReceived: readNumber(video, 'packetsReceived'),
    packetsLost: readNumber(video, 'packetsLost'),
    framesDecoded: readNumber(video, 'framesDecoded'),
  });
}

/** Counters of the report before, without those of media that has been replaced since. */
function comparable(before: Counters, now: Counters): Counters {
  const isSameVideo = before.videoSource === now.videoSource;
  const isSameAudio = before.audioSource === now.audioSource;
  return present({
    timestamp: before.timestamp,
    videoBytes: isSameVideo ? before.videoBytes : undefined,
    audioBytes: isSameAudio ? before.audioBytes : undefined,
    packetsReceived: isSameVideo ? before.packetsReceived : undefined,
    packetsLost: isSameVideo ? before.packetsLost : undefined,
    framesDecoded: isSameVideo ? before.framesDecoded : undefined,
  });
}

function codecName(codec: StatsEntry | undefined): string | undefined {
  return readText(codec, 'mimeType')?.replace(/^video\//iu, '');
}

function lossRatio(lost: number | undefined, received: number | undefined): number | undefined {
  if (lost === undefined || received === undefined || lost + received === 0) return undefined;
  return lost / (lost + received);
}
