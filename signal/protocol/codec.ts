/**
 * Text to message and back. The only place where a wire frame is parsed: what comes out has
 * passed its schema, what does not pass becomes a typed error.
 */
import * as v from 'valibot';
import { MAX_FRAME_BYTES } from './limits';
import {
  clientMessageSchema,
  serverMessageSchema,
  streamerMessageSchema,
  viewerMessageSchema,
  type ClientMessage,
  type ClientMessageInput,
  type ServerMessage,
  type StreamerMessage,
  type ViewerMessage,
} from './messages';
import { fail, ok, type Result } from './result';

/** Why a frame was refused. */
export interface CodecError {
  readonly id: 'invalid-json' | 'unknown-type' | 'invalid-message';
  /** Which field and why, without the value itself: frames may carry credentials. */
  readonly message: string;
  /** The frame's `type`, where it had a readable one. */
  readonly type?: string;
}

// Marked pure, so that a page that never reads client messages does not carry their schemas.
const clientSchemas = /* @__PURE__ */ schemasByType(clientMessageSchema);
const streamerSchemas = /* @__PURE__ */ schemasByType(streamerMessageSchema);
const viewerSchemas = /* @__PURE__ */ schemasByType(viewerMessageSchema);
const serverSchemas = /* @__PURE__ */ schemasByType(serverMessageSchema);

/** Reads a frame that a client sent. */
export function decodeClientMessage(text: string): Result<ClientMessage, CodecError> {
  return decode(text, clientSchemas, describe);
}

/** Reads a frame that the server sent to a streamer. */
export function decodeStreamerMessage(text: string): Result<StreamerMessage, CodecError> {
  return decode(text, streamerSchemas);
}

/** Reads a frame that the server sent to a viewer. */
export function decodeViewerMessage(text: string): Result<ViewerMessage, CodecError> {
  return decode(text, viewerSchemas);
}

/** Reads a frame that the server sent, to whomever. */
export function decodeServerMessage(text: string): Result<ServerMessage, CodecError> {
  return decode(text, serverSchemas);
}

/**
 * Writes a message.
 * @throws RangeError when the frame would be larger than the other end accepts.
 */
export function encode(message: ClientMessageInput | ServerMessage): string {
  const text = JSON.stringify(message);
  // A UTF-16 unit takes at most three bytes of UTF-8, so most frames need no exact count.
  if (text.length * 3 > MAX_FRAME_BYTES && byteLength(text) > MAX_FRAME_BYTES) {
    throw new RangeError(`A ${message.type} message exceeds ${String(MAX_FRAME_BYTES)} bytes`);
  }
  return text;
}

/**
 * Reads any JSON text by the schema of its `type`. For wire formats that keep their schemas apart,
 * so that pages which do not speak them do not carry them.
 * @param schemas by type, from `schemasByType`
 * @param describeIssue what to say of a message that is not valid; plain words without it.
 */
export function decode<S extends v.GenericSchema>(
  text: string,
  schemas: ReadonlyMap<string, S>,
  describeIssue?: (type: string, issue: v.BaseIssue<unknown>) => string,
): Result<v.InferOutput<S>, CodecError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail({ id: 'invalid-json', message: 'The frame is not JSON.' });
  }
  const type = typeOf(value);
  const schema = schemas.get(type ?? '');
  if (type === undefined || schema === undefined) {
    return fail({
      id: 'unknown-type',
      message: 'The message has no type that this version knows.',
      ...(type === undefined ? {} : { type: type.slice(0, 40) }),
    });
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const message =
    describeIssue?.(type, parsed.issues[0]) ?? `The message ${type} has a field that is not valid.`;
  return fail({ id: 'invalid-message', message, type });
}

/** For whoever wrote the message. Pages only read what the server wrote, and need no such words. */
function describe(type: string, issue: v.BaseIssue<unknown>): string {
  const path = (v.getDotPath(issue) ?? 'message').slice(0, 80);
  // Long lists of choices are cut: an error message has room for 300 characters.
  const expected = (issue.expected ?? 'another value').slice(0, 160);
  return `Field "${path}" of ${type} is not valid: expected ${expected}.`;
}

/** A message's schema. */
type MessageSchema = v.GenericSchema & {
  readonly entries: { readonly type: { readonly literal: string } };
};

/** The schemas of a union by their types. The union itself would try one after the other. */
export function schemasByType<S extends MessageSchema>(union: {
  readonly options: readonly S[];
}): ReadonlyMap<string, S> {
  return new Map(union.options.map((option) => [option.entries.type.literal, option]));
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' ? value.type : undefined;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
