/**
 * What a viewer sends over the `control` data channel, which goes from console to phone directly:
 * what it can show, what it wants, and what an operator asks for. What phones answer is in
 * `control-reports.ts`, so that phones need not carry it.
 *
 * The phone speaks first: its `camera` message says that it listens. A phone without the channel, or
 * without the code behind it, is a phone that is not controlled.
 */
import * as v from 'valibot';
import { id, milliseconds } from './fields';
import { MAX_PHONE_MESSAGE_LENGTH } from './control-limits';

const pixels = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16_384));
const framerate = v.pipe(v.number(), v.minValue(1), v.maxValue(240));
const bitrate = v.pipe(v.number(), v.minValue(10_000), v.maxValue(100_000_000));
/** A number that may be negative. */
export const finite = v.pipe(v.number(), v.finite());
/** A browser's own name for a camera, good for one origin only. */
export const deviceId = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
/** Which way a camera looks, from the person who holds the phone. */
export const facing = v.picklist(['user', 'environment']);
/** A mode of focus or exposure, as Image Capture names them. */
export const mode = v.pipe(v.string(), v.regex(/^[a-z-]{1,24}$/u));

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
 * `auto` follows the viewport; `data-saver` sends little; `sharp` keeps the size and gives up
 * smoothness first, `smooth` the other way round. An exact wish sets what it names and follows the
 * viewport in the rest.
 */
export const qualityWishSchema = v.variant('kind', [
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
]);

/** What the viewer wants. */
export const qualitySchema = v.object({
  wish: qualityWishSchema,
  /** Then the viewport has no say, not even a hidden one. */
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

export type Viewport = v.InferOutput<typeof viewportSchema>;
export type Quality = v.InferOutput<typeof qualitySchema>;
export type CameraCommand = v.InferOutput<typeof cameraCommandSchema>;
export type ViewerControl = v.InferOutput<typeof viewerControlSchema>;
