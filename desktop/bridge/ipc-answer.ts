/**
 * How the main process answers a request of the page: always with a value. Electron would keep
 * only the message of a thrown error, and nothing could tell a refusal from a fault.
 */
import * as v from 'valibot';

/**
 * - `untrusted-sender`: not the console's own top frame.
 * - `bad-argument`: the argument does not fit the channel's schema.
 * - `failed`: the main process could not do it; its log says why.
 */
const codeSchema = v.picklist(['untrusted-sender', 'bad-argument', 'failed']);

/** The envelope of every answer; what `value` holds is the channel's matter. */
export const ipcAnswerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({ ok: v.literal(false), code: codeSchema }),
]);

/** An answer whose value is of a known type. */
export type IpcAnswer<T> =
  { ok: true; value: T } | { ok: false; code: v.InferOutput<typeof codeSchema> };
