/**
 * Names the cause of what is wrong with a stream: a pure function of what the viewer sees and what
 * the phone tells. The cause that explains the others comes first. `health-words.ts` has the
 * sentences.
 */
import type { AlertKind } from './alert-rules';
import type { HealthFacts } from './health-facts';
import { isShrunk, isTooDetailed } from './network-share';

export type DiagnosisCause =
  | 'ended'
  | 'connecting'
  | 'hidden'
  | 'interrupted'
  | 'capture-ended'
  | 'no-packets'
  | 'no-frames'
  | 'cpu'
  | 'bandwidth'
  | 'loss'
  | 'decoder'
  | 'camera'
  | 'low-fps'
  | 'black'
  | 'silent'
  | 'sound-missing'
  | 'clipped'
  | 'latency'
  | 'battery'
  | 'relayed'
  | 'detail'
  | 'none';

/** Figures that sentences of a diagnosis name; what is unknown is left out of the sentence. */
export interface DiagnosisFigures {
  readonly framesPerSecond?: number | undefined;
  readonly fullFramesPerSecond?: number | undefined;
  readonly lossRatio?: number | undefined;
  readonly bitrateBps?: number | undefined;
  readonly latencyMs?: number | undefined;
  readonly batteryLevel?: number | undefined;
  readonly size?: string | undefined;
  readonly fullSize?: string | undefined;
}

/** A cause, and the figures that its sentence may name. */
export interface Diagnosis {
  readonly cause: DiagnosisCause;
  readonly figures: DiagnosisFigures;
}

/** Below this part of what the camera gives, frames are missing. */
const FEW_FRAMES_RATIO = 0.75;

/** Share of a frame's time above which this computer has no time left to decode. */
const BUSY_DECODER_RATIO = 0.8;

/**
 * Diagnoses a stream.
 * @param raised the alerts that stand, so that the sentence does not flicker more than they do.
 */
export function diagnose(facts: HealthFacts, raised: ReadonlySet<AlertKind>): Diagnosis {
  return { cause: causeOf(facts, raised), figures: figuresOf(facts) };
}

function causeOf(facts: HealthFacts, raised: ReadonlySet<AlertKind>): DiagnosisCause {
  const { state, capture, sample, telemetry } = facts;
  if (state === 'ended') return 'ended';
  if (capture.state === 'ended') return 'capture-ended';
  if (capture.state !== 'active') return capture.state;
  if (state === 'connecting') return 'connecting';
  if (state === 'reconnecting') return 'no-packets';
  if (state === 'frozen' || raised.has('frozen')) {
    return sample?.packetsArrive === true ? 'no-frames' : 'no-packets';
  }
  if (raised.has('black')) return 'black';
  const limit = telemetry?.sending.qualityLimitationReason;
  if (limit === 'cpu') return 'cpu';
  if (raised.has('high-loss')) return 'loss';
  const isDetailed = isTooDetailed(facts);
  if ((limit === 'bandwidth' && !isDetailed) || raised.has('network-limited')) return 'bandwidth';
  if (raised.has('low-fps')) return slowPart(facts);
  if (raised.has('high-latency')) return 'latency';
  if (raised.has('silent'))
    return sample?.audioPacketsArrive === false ? 'sound-missing' : 'silent';
  if (raised.has('clipped')) return 'clipped';
  if (raised.has('battery-low')) return 'battery';
  if (raised.has('relayed')) return 'relayed';
  return isDetailed && isShrunk(facts) ? 'detail' : 'none';
}

/** Where frames get lost: at the camera, on the way, or here. */
function slowPart({ sample, telemetry }: HealthFacts): DiagnosisCause {
  const shown = sample?.framesPerSecond;
  const { captureFramesPerSecond: captured, framesPerSecond: sent } = telemetry?.sending ?? {};
  const decodeMs = sample?.decodeMs ?? 0;
  if (shown !== undefined && decodeMs * shown > 1000 * BUSY_DECODER_RATIO) return 'decoder';
  if (shown === undefined || captured === undefined) return 'low-fps';
  if (shown >= captured * FEW_FRAMES_RATIO) return 'camera';
  return sent !== undefined && shown < sent * FEW_FRAMES_RATIO ? 'decoder' : 'low-fps';
}

function figuresOf({ sample, telemetry, latencyMs, maxFramerate }: HealthFacts): DiagnosisFigures {
  const { sending, phone } = telemetry ?? {};
  return {
    framesPerSecond: sample?.framesPerSecond ?? sending?.framesPerSecond,
    fullFramesPerSecond: smaller(sending?.captureFramesPerSecond, maxFramerate),
    lossRatio: sample?.packetsLostRatio,
    bitrateBps: sending?.targetBitrateBps ?? sample?.videoBitrateBps,
    latencyMs,
    batteryLevel: phone?.batteryLevel,
    size: sizeOf(sample?.width, sample?.height),
    fullSize: sizeOf(sending?.captureWidth, sending?.captureHeight),
  };
}

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function sizeOf(width: number | undefined, height: number | undefined): string | undefined {
  return width === undefined || height === undefined ? undefined : `${width}×${height}`;
}
