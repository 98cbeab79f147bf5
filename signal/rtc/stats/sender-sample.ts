/**
 * From a publisher's `getStats` report to what it really sends to one viewer: a pure function of two
 * reports, as in `stream-sample.ts`. Phones load it once they are live, and send the sample over the
 * control channel: it stays small.
 */
import { growthBetween, natural, positive, quotient, scaled } from './counters';
import {
  present,
  readFlag,
  readNumber,
  readRecord,
  readText,
  type StatsEntry,
  type StatsReport,
} from './stats-entry';

/** What one viewer is sent at one moment. A figure the browser does not give is absent. */
export interface SenderSample {
  /** As in its MIME type, such as `VP8`. */
  readonly videoCodec?: string;
  /** Such as `libvpx`; browsers tell it only to pages that capture. */
  readonly encoderImplementation?: string;
  readonly isEncoderPowerEfficient?: boolean;
  /** Size and rate of what is sent. */
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  readonly videoBitrateBps?: number;
  readonly audioBitrateBps?: number;
  /** What the congestion controller lets the encoder use now. */
  readonly targetBitrateBps?: number;
  /** What the congestion controller believes the network can take. */
  readonly availableOutgoingBitrateBps?: number;
  /** `RTCQualityLimitationReason`: `none`, `cpu`, `bandwidth` or `other`. */
  readonly qualityLimitationReason?: string;
  /** Time since the connection began in which quality was limited for each reason, in milliseconds. */
  readonly cpuLimitedMs?: number;
  readonly bandwidthLimitedMs?: number;
  readonly otherLimitedMs?: number;
  readonly roundTripTimeMs?: number;
  /** Part of the video packets that the viewer reported missing in its last report, 0 to 1. */
  readonly packetsLostRatio?: number;
  /** Mean time to encode a frame of this interval. */
  readonly encodeMs?: number;
  /** Mean time a packet of this interval waited in the pacer. */
  readonly sendDelayMs?: number;
  /** Size and rate of what the camera gives. */
  readonly captureWidth?: number;
  readonly captureHeight?: number;
  readonly captureFramesPerSecond?: number;
}

/** What the next sample needs of this one. */
export interface SenderMemory {
  readonly sample: SenderSample;
  readonly video: StatsEntry | undefined;
  readonly audio: StatsEntry | undefined;
}

/**
 * Takes a sample.
 * @param report the newest report; undefined while there is no connection.
 * @param previous what the sample before returned.
 */
export function sampleSender(
  report: StatsReport | undefined,
  previous: SenderMemory | undefined,
): SenderMemory {
  const entries: StatsEntry[] = [];
  report?.forEach((entry) => entries.push(entry));
  const find = (type: string, kind = 'video'): StatsEntry | undefined =>
    entries.find((entry) => entry['type'] === type && (entry['kind'] ?? kind) === kind);
  const byId = (id: string | undefined): StatsEntry | undefined =>
    entries.find((entry) => id !== undefined && entry['id'] === id);

  const video = find('outbound-rtp');
  const audio = find('outbound-rtp', 'audio');
  const source = byId(readText(video, 'mediaSourceId')) ?? find('media-source');
  const heard = byId(readText(video, 'remoteId')) ?? find('remote-inbound-rtp');
  const pair =
    byId(readText(find('transport'), 'selectedCandidatePairId')) ??
    entries.find((entry) => entry['type'] === 'candidate-pair' && entry['selected'] === true);
  const limited = readRecord(video, 'qualityLimitationDurations');
  const ofVideo = growthBetween(previous?.video, video);
  const ofAudio = growthBetween(previous?.audio, audio);
  const seconds = ofVideo('timestamp', 0.001);
  const frames = ofVideo('framesEncoded');

  return {
    video,
    audio,
    sample: present({
      videoCodec: readText(byId(readText(video, 'codecId')), 'mimeType')?.replace('video/', ''),
      encoderImplementation: readText(video, 'encoderImplementation'),
      isEncoderPowerEfficient: readFlag(video, 'powerEfficientEncoder'),
      width: positive(readNumber(video, 'frameWidth')),
      height: positive(readNumber(video, 'frameHeight')),
      framesPerSecond: quotient(frames, seconds) ?? natural(readNumber(video, 'framesPerSecond')),
      videoBitrateBps: quotient(ofVideo('bytesSent', 8), seconds),
      audioBitrateBps: quotient(ofAudio('bytesSent', 8), ofAudio('timestamp', 0.001)),
      targetBitrateBps: readNumber(video, 'targetBitrate'),
      availableOutgoingBitrateBps: readNumber(pair, 'availableOutgoingBitrate'),
      qualityLimitationReason: readText(video, 'qualityLimitationReason'),
      cpuLimitedMs: scaled(readNumber(limited, 'cpu'), 1000),
      bandwidthLimitedMs: scaled(readNumber(limited, 'bandwidth'), 1000),
      otherLimitedMs: scaled(readNumber(limited, 'other'), 1000),
      roundTripTimeMs: scaled(
        readNumber(pair, 'currentRoundTripTime') ?? readNumber(heard, 'roundTripTime'),
        1000,
      ),
      packetsLostRatio: readNumber(heard, 'fractionLost'),
      encodeMs: quotient(ofVideo('totalEncodeTime', 1000), frames),
      sendDelayMs: quotient(ofVideo('totalPacketSendDelay', 1000), ofVideo('packetsSent')),
      captureWidth: positive(readNumber(source, 'width')),
      captureHeight: positive(readNumber(source, 'height')),
      captureFramesPerSecond: readNumber(source, 'framesPerSecond'),
    }),
  };
}
