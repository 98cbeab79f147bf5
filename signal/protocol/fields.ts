/** The building blocks that messages share. */
import * as v from 'valibot';
import { MAX_LABEL_LENGTH } from './limits';

/** A UUID, in lower case. */
export const id = v.pipe(v.string(), v.uuid(), v.toLowerCase());

/** A resume token: opaque to whoever holds it. */
export const token = v.pipe(v.string(), v.minLength(16), v.maxLength(128));

/** A number of things. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A length or a point of time. */
export const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));

/** A few words of free text. */
export const shortText = v.pipe(v.string(), v.trim(), v.maxLength(80));

/** A stream's name as people see it: trimmed, one line, never empty. */
export const labelSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(MAX_LABEL_LENGTH),
  v.regex(/^[^\u0000-\u001f\u007f]*$/u),
);

/**
 * A secret in base64url. Ours carry 128 random bits (22 characters); the range leaves room for
 * longer ones.
 */
export const secretSchema = v.pipe(v.string(), v.regex(/^[\w-]{16,128}$/u));

/** What a client may do: an operator is in charge, a viewer watches, a phone streams. */
export const roleSchema = v.picklist(['operator', 'viewer', 'phone']);

/** What a client says of its device; shown to people, never trusted for anything. */
export const deviceSchema = v.object({
  kind: v.picklist(['phone', 'tablet', 'computer', 'unknown']),
  platform: v.exactOptional(shortText),
  browser: v.exactOptional(shortText),
});

export type Role = v.InferOutput<typeof roleSchema>;
export type Device = v.InferOutput<typeof deviceSchema>;
