/**
 * Messages of the `control` data channel, which goes from console to phone directly: what a viewer
 * can use and wants, and what the phone really does. A type is inferred from each schema; what the
 * viewer sends and what the phone sends are separate unions, told apart by `type`.
 *
 * The phone speaks first: its `camera` message says that it listens. A phone without the channel, or
 * without the code behind it, is a phone that is not controlled.
 */
import * as v from 'valibot';
import { id, milliseconds, shortText } from './fields';
import { MAX_CAMERAS, MAX_PHONE_MESSAGE_LENGTH } from './control-limits';

/** A figure that may be unknown: then it is absent. */
const upTo = (largest: number) =>
  v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(largest)));

const optionalText = v.exactOptional(shortText);
const flag = v.exactOptional(v.boolean());
const pixels = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16_384));
const framerate = v.pipe(v.number(), v.minValue(1), v.maxValue(240));
const bitrate = v.pipe(v.number(), v.minValue(10_000), v.maxValue(100_000_000));
const finite = v.pipe(v.number(), v.finite());
const deviceId = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const facing = v.picklist(['user', 'environment']);
const mode = v.pipe(v.string(), v.regex(/^[a-z-]{1,24}$/u));

/** What the viewer can show now. Nothing but a size of 0 and hidden says that it shows nothing. */
export const viewportSchema = v.object({
  /** Device pixels that the picture has room for. */
  width: pixels,
  height: pixels,
  /** False while nobody can see it: the phone then encodes nothing for this viewer. */
  isVisible: v.boolean(),
  /** More pictures a second than this are of no use. */
  maxFramerate: v.exactOptional(framerate),
});

/**
 * What the viewer wants. `auto` follows the viewport; `data-saver` sends little; `sharp` keeps the
 * size and gives up smoothness first, `smooth` the other way round. An exact wish sets what it names
 * and follows the viewport in the rest. Pinned, the viewport has no say, not even a hidden one.
 */
export const qualitySchema = v.object({
  wish: v.variant('kind', [
    v.object({
      kind: v.literal('preset'),
      preset: v.picklist(['auto', 'data-saver', 'sharp', 'smooth']),
    }),
    v.object({
      kind: v.literal('exact'),
      /** Part of the captured width and height. */
      scale: v.exactOptional(v.pipe(v.number(), v.minValue(0.05), v.maxValue(1))),
      maxBitrateBps: v.exactOptional(bitrate),
      maxFramerate: v.exactOptional(framerate),
    }),
  ]),
  isPinned: v.boolean(),
});

/** What an operator may ask of a phone. */
export const cameraCommandSchema = v.variant('kind', [
  /** By id or by the way it looks; by neither, the next one. */
  v.object({
    kind: v.literal('switch-camera'),
    deviceId: v.exactOptional(deviceId),
    facing: v.exactOptional(facing),
  }),
  v.object({ kind: v.literal('torch'), isOn: v.boolean() }),
  v.object({ kind: v.literal('zoom'), value: finite }),
  /** A distance is in meters and asks for the mode `manual`. */
  v.object({ kind: v.literal('focus'), mode, distance: v.exactOptional(finite) }),
  /** A compensation is in f-stops. */
  v.object({ kind: v.literal('exposure'), mode, compensation: v.exactOptional(finite) }),
  v.object({
    kind: v.literal('capture'),
    width: v.exactOptional(v.pipe(pixels, v.minValue(16))),
    height: v.exactOptional(v.pipe(pixels, v.minValue(16))),
    frameRate: v.exactOptional(framerate),
  }),
  v.object({ kind: v.literal('microphone'), isMuted: v.boolean() }),
  /** Shown to whoever holds the phone. */
  v.object({
    kind: v.literal('message'),
    text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_PHONE_MESSAGE_LENGTH)),
  }),
  v.object({ kind: v.literal('clear-message') }),
  /** Lets the phone flash and vibrate, so that it is found among others. */
  v.object({ kind: v.literal('locate') }),
]);

/** Tells what the viewer can show. */
export const viewportMessageSchema = v.object({
  type: v.literal('viewport'),
  viewport: viewportSchema,
});

/** Tells what the viewer wants. */
export const qualityMessageSchema = v.object({
  type: v.literal('quality'),
  quality: qualitySchema,
});

/** Asks the phone for something; answered with `command-result`. */
export const commandMessageSchema = v.object({
  type: v.literal('command'),
  requestId: id,
  command: cameraCommandSchema,
});

/** Asks for the phone's clock; answered with `clock-pong` at once. */
export const clockPingSchema = v.object({ type: v.literal('clock-ping'), sentAt: milliseconds });

/** Anything a viewer may send. */
export const viewerControlSchema = v.variant('type', [
  viewportMessageSchema,
  qualityMessageSchema,
  commandMessageSchema,
  clockPingSchema,
]);

/** A range that a camera offers, in the units of `MediaTrackCapabilities`, and where it stands. */
const range = v.object({
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
  width: upTo(16_384),
  height: upTo(16_384),
  frameRate: upTo(1_000),
  /** Largest that the camera in use offers. */
  maxWidth: upTo(65_535),
  maxHeight: upTo(65_535),
  maxFrameRate: upTo(1_000),
  /** Whether the torch is on; absent where there is none. */
  isTorchOn: flag,
  zoom: v.exactOptional(range),
  focus: v.exactOptional(
    v.object({ modes, mode: v.exactOptional(mode), distance: v.exactOptional(range) }),
  ),
  exposure: v.exactOptional(
    v.object({ modes, mode: v.exactOptional(mode), compensation: v.exactOptional(range) }),
  ),
  /** Absent where there is no microphone. */
  isMicrophoneMuted: flag,
});

/** What the phone sends to this viewer, by its own statistics; see `SenderSample`. */
export const sendingSchema = v.object({
  videoCodec: optionalText,
  encoderImplementation: optionalText,
  isEncoderPowerEfficient: flag,
  width: upTo(16_384),
  height: upTo(16_384),
  framesPerSecond: upTo(1_000),
  videoBitrateBps: upTo(1e10),
  audioBitrateBps: upTo(1e10),
  targetBitrateBps: upTo(1e10),
  availableOutgoingBitrateBps: upTo(1e12),
  qualityLimitationReason: v.exactOptional(v.picklist(['none', 'cpu', 'bandwidth', 'other'])),
  cpuLimitedMs: upTo(1e12),
  bandwidthLimitedMs: upTo(1e12),
  otherLimitedMs: upTo(1e12),
  roundTripTimeMs: upTo(1e6),
  packetsLostRatio: upTo(1),
  encodeMs: upTo(1e6),
  sendDelayMs: upTo(1e6),
  captureWidth: upTo(16_384),
  captureHeight: upTo(16_384),
  captureFramesPerSecond: upTo(1_000),
});

/** How the phone itself is. What its browser does not tell is absent. */
export const phoneFactsSchema = v.object({
  /** 0 to 1. */
  batteryLevel: upTo(1),
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

/** Parameters of one viewer's encoder. */
export const encodingSchema = v.object({
  isActive: v.boolean(),
  scaleResolutionDownBy: v.pipe(v.number(), v.minValue(1), v.maxValue(1_000)),
  maxBitrateBps: v.pipe(v.number(), v.minValue(0), v.maxValue(1e9)),
  maxFramerate: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)),
});

/** What was asked of the encoder and what the browser took of it; sent after each change. */
export const appliedSchema = v.object({
  type: v.literal('applied'),
  requested: encodingSchema,
  /** Absent parameters are those the browser refused or ignored. */
  actual: v.partial(encodingSchema),
});

/**
 * Why a command was not done. `not-allowed`: only operators may. `refused-by-phone`: its user does
 * not want to be controlled. `busy`: too many at once. `unfinished`: the phone is still at it.
 */
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

export type Viewport = v.InferOutput<typeof viewportSchema>;
export type Quality = v.InferOutput<typeof qualitySchema>;
export type CameraCommand = v.InferOutput<typeof cameraCommandSchema>;
export type ViewerControl = v.InferOutput<typeof viewerControlSchema>;
export type CameraFacts = Omit<v.InferOutput<typeof cameraMessageSchema>, 'type'>;
export type PhoneFacts = v.InferOutput<typeof phoneFactsSchema>;
export type Telemetry = v.InferOutput<typeof telemetrySchema>;
export type Encoding = v.InferOutput<typeof encodingSchema>;
export type AppliedQuality = v.InferOutput<typeof appliedSchema>;
export type CommandRefusal = v.InferOutput<typeof commandRefusalSchema>;
export type CommandResult = v.InferOutput<typeof commandResultSchema>;
export type ClockPong = v.InferOutput<typeof clockPongSchema>;
export type PhoneControl = v.InferOutput<typeof phoneControlSchema>;
