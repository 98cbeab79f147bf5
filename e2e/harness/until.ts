/** How long and how often a condition is looked at. */
export interface UntilOptions {
  /** Milliseconds before the condition counts as missed; 15 s unless told. */
  timeoutMs?: number;
  /** Milliseconds between two looks; 50 unless told. */
  everyMs?: number;
}

/**
 * Looks at something until it is as expected.
 *
 * @param what - what is waited for, for the message on time-out.
 * @returns the value that was accepted.
 * @throws Error that names what was waited for and the last value seen.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  accept: (value: T) => boolean,
  { timeoutMs = 15_000, everyMs = 50 }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let seen = 'nothing yet';
  for (;;) {
    try {
      const value = await look();
      if (accept(value)) return value;
      seen = value === undefined ? 'undefined' : JSON.stringify(value);
    } catch (error) {
      // A page that is just being reloaded cannot be asked; it is asked again.
      seen = `an error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${seen}`);
    }
    await pause(everyMs);
  }
}

/** Milliseconds that pass on purpose, where the passing itself is what is tested. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
