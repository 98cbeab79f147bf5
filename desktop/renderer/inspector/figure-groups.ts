/** All figures of a stream, grouped: a pure function of what is known of it. */
import type { LatencyEstimate } from '../../../signal/rtc/stats/latency-estimate';
import type { StreamSnapshot } from '../statistics/stream-monitor';
import { inspectorWords } from '../wording/inspector-words';
import {
  bitrateText,
  countText,
  durationText,
  millisecondsText,
  percentText,
  rateText,
  sizeText,
} from './figure-text';

const { figures: said } = inspectorWords;

export type FigureName = keyof typeof said.names;
export type GroupName = keyof typeof said.groups;

/** One figure; without a value, `reason` says why there is none. */
export interface GroupedFigure {
  readonly name: FigureName;
  readonly value: string | undefined;
  readonly reason: string;
}

/** Figures that belong together. Every stream has the same ones in the same order. */
export interface FigureGroup {
  readonly name: GroupName;
  readonly figures: readonly GroupedFigure[];
}

type Rows = Partial<Record<FigureName, string | undefined>>;

/** See the head of this file. */
export function figureGroups(snapshot: StreamSnapshot): FigureGroup[] {
  const isSilent = snapshot.telemetry === undefined;
  return [
    group('picture', pictureRows(snapshot)),
    group('sound', soundRows(snapshot)),
    group('network', networkRows(snapshot)),
    group('phone', phoneRows(snapshot), isSilent ? said.phoneSilent : said.notGiven),
  ];
}

function group(name: GroupName, rows: Rows, reason = said.notGiven): FigureGroup {
  const names = Object.keys(rows).filter(isFigureName);
  const figures = names.map((figure) => ({
    name: figure,
    value: rows[figure],
    reason: figure === 'decoder' ? said.notCapturing : reason,
  }));
  return { name, figures };
}

function isFigureName(name: string): name is FigureName {
  return name in said.names;
}

function pictureRows({ facts: { sample }, latency }: StreamSnapshot): Rows {
  return {
    size: sizeText(sample?.width, sample?.height),
    frameRate: rateText(sample?.framesPerSecond),
    latency: latencyText(latency),
    latencyBy: latency === undefined ? undefined : said.methods[latency.method],
    codec: sample?.videoCodec,
    decoder: sample?.decoderImplementation,
    hardware: yesOrNo(sample?.isDecoderPowerEfficient),
    decodeTime: millisecondsText(sample?.decodeMs),
    decoded: countText(sample?.framesDecoded),
    dropped: countText(sample?.framesDropped),
    keyFrames: countText(sample?.keyFramesDecoded),
    freezes: countText(sample?.freezeCount),
    frozen: durationText(sample?.freezesMs),
  };
}

function soundRows({ facts: { sample } }: StreamSnapshot): Rows {
  return {
    codec: sample?.audioCodec,
    bitrate: bitrateText(sample?.audioBitrateBps),
    lost: percentText(sample?.audioPacketsLostRatio),
    concealed: percentText(sample?.audioConcealedRatio),
    jitterBuffer: millisecondsText(sample?.audioJitterBufferMs),
  };
}

function networkRows({ facts: { sample } }: StreamSnapshot): Rows {
  return {
    bitrate: bitrateText(sample?.videoBitrateBps),
    roundTrip: millisecondsText(sample?.roundTripTimeMs),
    jitter: millisecondsText(sample?.jitterMs),
    jitterBuffer: millisecondsText(sample?.jitterBufferMs),
    lossNow: percentText(sample?.packetsLostRatio),
    packetsLost: countText(sample?.packetsLost),
    packetsReceived: countText(sample?.packetsReceived),
    nack: countText(sample?.nackCount),
    pli: countText(sample?.pliCount),
    localCandidate: sample?.localCandidateType,
    remoteCandidate: sample?.remoteCandidateType,
    protocol: (sample?.relayProtocol ?? sample?.transportProtocol)?.toUpperCase(),
    relayed: yesOrNo(sample?.isRelayed),
  };
}

function phoneRows({ telemetry }: StreamSnapshot): Rows {
  const { sending, phone } = telemetry ?? {};
  const limit = sending?.qualityLimitationReason;
  return {
    sends: sizeText(sending?.width, sending?.height),
    sendRate: rateText(sending?.framesPerSecond),
    sendBitrate: bitrateText(sending?.videoBitrateBps),
    target: bitrateText(sending?.targetBitrateBps),
    available: bitrateText(sending?.availableOutgoingBitrateBps),
    limited: limit === undefined ? undefined : said.limits[limit],
    limitedByCpu: durationText(sending?.cpuLimitedMs),
    limitedByNetwork: durationText(sending?.bandwidthLimitedMs),
    encoder: sending?.encoderImplementation,
    hardware: yesOrNo(sending?.isEncoderPowerEfficient),
    encodeTime: millisecondsText(sending?.encodeMs),
    sendDelay: millisecondsText(sending?.sendDelayMs),
    captures: sizeText(sending?.captureWidth, sending?.captureHeight),
    captureRate: rateText(sending?.captureFramesPerSecond),
    battery: percentText(phone?.batteryLevel),
    charging: yesOrNo(phone?.isCharging),
    network: phone?.network,
    orientation: phone?.orientation,
    visible: yesOrNo(phone?.isPageVisible),
  };
}

function latencyText(latency: LatencyEstimate | undefined): string | undefined {
  if (latency === undefined) return undefined;
  return `≈ ${latency.latencyMs.toFixed(0)} ms ± ${latency.errorMs.toFixed(0)}`;
}

function yesOrNo(is: boolean | undefined): string | undefined {
  if (is === undefined) return undefined;
  return is ? said.yes : said.no;
}
