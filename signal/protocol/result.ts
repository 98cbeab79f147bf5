/** An expected outcome that may be a failure; bugs throw instead. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A success. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** An expected failure. */
export function fail<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
