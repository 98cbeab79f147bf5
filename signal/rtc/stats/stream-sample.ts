/**
 * From a viewer's `getStats` report to the figures of a tile: a pure function of two reports.
 * Counters are diffed; one that went back means that the connection was rebuilt, and the interval
 * has no figure. A figure the browser does not give is absent, never 0 (W3C webrtc-stats).
 */
import { growthBetween, natural, positive, quotient, scaled, type Growth } from './counters';
import { mediaPath, selectedPair, type MediaPath } from './media-path';
import {
  present,
  readFlag,
  readNumber,
  readText,
  type StatsEntry,
  type StatsReport,
} from './stats-entry';

/**
 * Most that one interval adds to the time of a still picture, in milliseconds: of the hour that a
 * computer slept nobody knows what the picture did. Samples come each second.
 */
const MAX_STILL_STEP_MS = 1_500;

/** What pictures tell. Counts run since the connection began. */
export interface VideoFigures {
  readonly framesPerSecond?: number;
  readonly width?: number;
  readonly height?: number;
  readonly videoBitrateBps?: number;
  readonly jitterMs?: number;
  /** Part of the video packets of this interval that never came, 0 to 1. */
  readonly packetsLostRatio?: number;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  /** Mean time a frame of this interval waited in the jitter buffer. */
  readonly jitterBufferMs?: number;
  /** Mean time to decode a frame of this interval. */
  readonly decodeMs?: number;
  /** Mean time from a frame's first packet to its decoded picture, in this interval. */
  readonly processingMs?: number;
  readonly framesDecoded?: number;
  readonly framesDropped?: number;
  readonly freezeCount?: number;
  /** The freezes that ended; browsers add one only when the picture moves again. */
  readonly freezesMs?: number;
  readonly nackCount?: number;
  readonly pliCount?: number;
  readonly keyFramesDecoded?: number;
  /** As in its MIME type, such as `VP8`. */
  readonly videoCodec?: string;
  /** Such as `libvpx`; Chromium tells it only to pages that capture. */
  readonly decoderImplementation?: string;
  readonly isDecoderPowerEfficient?: boolean;
}

/** What sound tells. */
export interface AudioFigures {
  readonly audioBitrateBps?: number;
  readonly audioCodec?: string;
  readonly audioPacketsLostRatio?: number;
  readonly audioJitterBufferMs?: number;
  /** Part of this interval's samples that had to be made up, 0 to 1. */
  readonly audioConcealedRatio?: number;
  /**
   * Linear, 0 to 1, of what is played: Chromium says 0 where the element is muted. The level that
   * the sender measured comes with the packets (`getSynchronizationSources`).
   */
  readonly audioLevel?: number;
  /** Mean power of what was played in this interval: 1 is the loudest, the square of a level. */
  readonly audioEnergy?: number;
  /** Audio packets arrived since the sample before; absent where there is no sound track. */
  readonly audioPacketsArrive?: boolean;
}

/** The figures of one stream at one moment. */
export interface StreamSample extends MediaPath, VideoFigures, AudioFigures {
  /** When it was taken: `performance.now()` of the sampling page, in milliseconds. */
  readonly takenAt: number;
  readonly roundTripTimeMs?: number;
  /** Bytes of pictures and sound that this interval brought. */
  readonly receivedBytes?: number;
  /** Frames were decoded since the sample before. */
  readonly isPictureMoving: boolean;
  /** Video packets arrived since the sample before. */
  readonly packetsArrive: boolean;
  /** Time watched since a frame was last seen decoded, in milliseconds; 0 while pictures move. */
  readonly pictureStoppedForMs: number;
}

/** What the next sample needs of this one. */
export interface SampleMemory {
  readonly sample: StreamSample;
  readonly video: StatsEntry | undefined;
  readonly audio: StatsEntry | undefined;
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
  const ofVideo = growthBetween(previous?.video, video);
  const ofAudio = growthBetween(previous?.audio, audio);
  const isPictureMoving = hasGrown(ofVideo, video, 'framesDecoded');
  const sample: StreamSample = {
    takenAt,
    ...videoFigures(video, ofVideo),
    ...audioFigures(audio, ofAudio),
    ...present({
      videoCodec: codecName(entries, video),
      audioCodec: codecName(entries, audio),
      roundTripTimeMs: scaled(readNumber(selectedPair(entries), 'currentRoundTripTime'), 1000),
      receivedBytes: sum(ofVideo('bytesReceived'), ofAudio('bytesReceived')),
    }),
    ...mediaPath(entries),
    isPictureMoving,
    packetsArrive: hasGrown(ofVideo, video, 'packetsReceived'),
    pictureStoppedForMs: isPictureMoving
      ? 0
      : (previous?.sample.pictureStoppedForMs ?? 0) +
        Math.min(takenAt - (previous?.sample.takenAt ?? takenAt), MAX_STILL_STEP_MS),
  };
  return { sample, video, audio };
}

function videoFigures(video: StatsEntry | undefined, growth: Growth): VideoFigures {
  const seconds = growth('timestamp', 0.001);
  const frames = growth('framesDecoded');
  return present({
    framesPerSecond: quotient(frames, seconds) ?? natural(readNumber(video, 'framesPerSecond')),
    width: positive(readNumber(video, 'frameWidth')),
    height: positive(readNumber(video, 'frameHeight')),
    videoBitrateBps: quotient(growth('bytesReceived', 8), seconds),
    jitterMs: scaled(readNumber(video, 'jitter'), 1000),
    packetsLostRatio: lossRatio(growth),
    packetsLost: natural(readNumber(video, 'packetsLost')),
    packetsReceived: readNumber(video, 'packetsReceived'),
    jitterBufferMs: quotient(growth('jitterBufferDelay', 1000), growth('jitterBufferEmittedCount')),
    decodeMs: quotient(growth('totalDecodeTime', 1000), frames),
    processingMs: quotient(growth('totalProcessingDelay', 1000), frames),
    framesDecoded: readNumber(video, 'framesDecoded'),
    framesDropped: readNumber(video, 'framesDropped'),
    freezeCount: readNumber(video, 'freezeCount'),
    freezesMs: scaled(readNumber(video, 'totalFreezesDuration'), 1000),
    nackCount: readNumber(video, 'nackCount'),
    pliCount: readNumber(video, 'pliCount'),
    keyFramesDecoded: readNumber(video, 'keyFramesDecoded'),
    decoderImplementation: readText(video, 'decoderImplementation'),
    isDecoderPowerEfficient: readFlag(video, 'powerEfficientDecoder'),
  });
}

function audioFigures(audio: StatsEntry | undefined, growth: Growth): AudioFigures {
  return present({
    audioBitrateBps: quotient(growth('bytesReceived', 8), growth('timestamp', 0.001)),
    audioPacketsLostRatio: lossRatio(growth),
    audioJitterBufferMs: quotient(
      growth('jitterBufferDelay', 1000),
      growth('jitterBufferEmittedCount'),
    ),
    audioConcealedRatio: quotient(growth('concealedSamples'), growth('totalSamplesReceived')),
    audioLevel: readNumber(audio, 'audioLevel'),
    audioEnergy: quotient(growth('totalAudioEnergy'), growth('totalSamplesDuration')),
    audioPacketsArrive:
      audio === undefined ? undefined : hasGrown(growth, audio, 'packetsReceived'),
  });
}

function isInbound(entry: StatsEntry, kind: 'audio' | 'video'): boolean {
  return entry['type'] === 'inbound-rtp' && entry['kind'] === kind;
}

/** Whether a counter grew; one that cannot be compared counts from zero. */
function hasGrown(growth: Growth, entry: StatsEntry | undefined, key: string): boolean {
  return (growth(key) ?? readNumber(entry, key) ?? 0) > 0;
}

function codecName(
  entries: ReadonlyMap<string, StatsEntry>,
  media: StatsEntry | undefined,
): string | undefined {
  const codec = entries.get(readText(media, 'codecId') ?? '');
  return readText(codec, 'mimeType')?.replace(/^(?:video|audio)\//iu, '');
}

function lossRatio(growth: Growth): number | undefined {
  const lost = growth('packetsLost');
  const received = growth('packetsReceived');
  if (lost === undefined || received === undefined) return undefined;
  return quotient(lost, lost + received);
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one + other;
}
