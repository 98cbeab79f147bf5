/**
 * What a phone sends over the `control` data channel: what there is to control, what it really
 * sends to this viewer, and its answers. Viewers read it; phones take no more than the types.
 */
import * as v from 'valibot';
import { deviceId, facing, finite, mode } from './control';
import { MAX_CAMERAS } from './control-limits';
import { id, milliseconds, shortText } from './fields';

// Figures that may be unknown: then they are absent.
const size = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(65_535)));
const rate = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)));
const bits = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e12)));
const durationMs = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e12)));
const ratio = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

const optionalText = v.exactOptional(shortText);
const flag = v.exactOptional(v.boolean());

/** A range that a camera offers, in the units of `MediaTrackCapabilities`, and where it stands. */
export const rangeSchema = v.object({
  min: finite,
  max: finite,
  step: v.exactOptional(finite),
  value: v.exactOptional(finite),
});

const modes = v.pipe(v.array(mode), v.maxLength(8));

/**
 * What there is to control; sent first of all, and whenever it changes. Viewers that are no
 * operators are told no cameras. What the camera in use does not offer is absent.
 */
export const cameraMessageSchema = v.object({
  type: v.literal('camera'),
  /** False while the phone's user refuses control, or where the viewer is no operator. */
  isControlAllowed: v.boolean(),
  cameras: v.pipe(
    v.array(v.object({ deviceId, label: shortText, facing: v.exactOptional(facing) })),
    v.maxLength(MAX_CAMERAS),
  ),
  /** The camera in use. */
  deviceId: v.exactOptional(deviceId),
  facing: v.exactOptional(facing),
  width: size,
  height: size,
  frameRate: rate,
  /** Largest that the camera in use offers. */
  maxWidth: size,
  maxHeight: size,
  maxFrameRate: rate,
  /** Whether the torch is on; absent where there is none. */
  isTorchOn: flag,
  zoom: v.exactOptional(rangeSchema),
  focus: v.exactOptional(
    v.object({ modes, mode: v.exactOptional(mode), distance: v.exactOptional(rangeSchema) }),
  ),
  exposure: v.exactOptional(
    v.object({ modes, mode: v.exactOptional(mode), compensation: v.exactOptional(rangeSchema) }),
  ),
  /** Absent where there is no microphone. */
  isMicrophoneMuted: flag,
});

/** What the phone sends to this viewer, by its own statistics; see `SenderSample`. */
export const sendingSchema = v.object({
  videoCodec: optionalText,
  encoderImplementation: optionalText,
  isEncoderPowerEfficient: flag,
  width: size,
  height: size,
  framesPerSecond: rate,
  videoBitrateBps: bits,
  audioBitrateBps: bits,
  targetBitrateBps: bits,
  availableOutgoingBitrateBps: bits,
  qualityLimitationReason: v.exactOptional(v.picklist(['none', 'cpu', 'bandwidth', 'other'])),
  cpuLimitedMs: durationMs,
  bandwidthLimitedMs: durationMs,
  otherLimitedMs: durationMs,
  roundTripTimeMs: durationMs,
  packetsLostRatio: ratio,
  encodeMs: durationMs,
  sendDelayMs: durationMs,
  captureWidth: size,
  captureHeight: size,
  captureFramesPerSecond: rate,
});

/** How the phone itself is. What its browser does not tell is absent. */
export const phoneFactsSchema = v.object({
  /** 0 to 1. */
  batteryLevel: ratio,
  isCharging: flag,
  /** As the Network Information API says: `wifi`, `cellular`, or an effective type such as `4g`. */
  network: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,16}$/u))),
  orientation: v.exactOptional(v.picklist(['portrait', 'landscape'])),
  isPageVisible: flag,
});

/** Sent once a second while the channel is open. */
export const telemetrySchema = v.object({
  type: v.literal('telemetry'),
  sending: sendingSchema,
  phone: phoneFactsSchema,
});

const scaleDown = v.pipe(v.number(), v.minValue(1), v.maxValue(1_000));
const mostBits = v.pipe(v.number(), v.minValue(0), v.maxValue(1e9));
const mostPictures = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000));

/** Parameters of one viewer's encoder. */
export const encodingSchema = v.object({
  isActive: v.boolean(),
  scaleResolutionDownBy: scaleDown,
  maxBitrateBps: mostBits,
  maxFramerate: mostPictures,
});

/** What was asked of the encoder and what the browser took of it; sent after each change. */
export const appliedSchema = v.object({
  type: v.literal('applied'),
  requested: encodingSchema,
  /** Absent parameters are those the browser refused or ignored. */
  actual: v.object({
    isActive: flag,
    scaleResolutionDownBy: v.exactOptional(scaleDown),
    maxBitrateBps: v.exactOptional(mostBits),
    maxFramerate: v.exactOptional(mostPictures),
  }),
});

/** Why a command was not done. */
export const commandRefusalSchema = v.picklist([
  'not-allowed',
  'refused-by-phone',
  'not-supported',
  'failed',
  'busy',
  'unfinished',
]);

/** Answers `command`: done, unless there is a reason why not. */
export const commandResultSchema = v.object({
  type: v.literal('command-result'),
  requestId: id,
  /**
   * `not-allowed`: only operators may. `refused-by-phone`: its user does not want to be controlled.
   * `busy`: too many at once. `unfinished`: the phone is still at it.
   */
  reason: v.exactOptional(commandRefusalSchema),
  /** One plain sentence, where the reason alone does not say it. */
  sentence: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
});

/** Answers `clock-ping`; times are the phone's own, in milliseconds since about the epoch. */
export const clockPongSchema = v.object({
  type: v.literal('clock-pong'),
  sentAt: milliseconds,
  receivedAt: milliseconds,
  repliedAt: milliseconds,
});

/** Anything a phone may send. */
export const phoneControlSchema = v.variant('type', [
  cameraMessageSchema,
  telemetrySchema,
  appliedSchema,
  commandResultSchema,
  clockPongSchema,
]);

export type CameraFacts = Omit<v.InferOutput<typeof cameraMessageSchema>, 'type'>;
export type PhoneFacts = v.InferOutput<typeof phoneFactsSchema>;
export type Telemetry = v.InferOutput<typeof telemetrySchema>;
export type Encoding = v.InferOutput<typeof encodingSchema>;
export type AppliedQuality = v.InferOutput<typeof appliedSchema>;
export type CommandRefusal = v.InferOutput<typeof commandRefusalSchema>;
export type CommandResult = v.InferOutput<typeof commandResultSchema>;
export type ClockPong = v.InferOutput<typeof clockPongSchema>;
export type PhoneControl = v.InferOutput<typeof phoneControlSchema>;
