/** What an attacker knows: more than any real one would, but no secret that is not its own. */
import * as v from 'valibot';

/** Where an attack goes and what it can use. */
export const targetSchema = v.object({
  host: v.string(),
  port: v.number(),
  /** It speaks no TLS. */
  isPlain: v.exactOptional(v.boolean()),
  /** Address that it comes from. */
  from: v.exactOptional(v.string()),
  /** Keys that a guest and a viewer were given. */
  phoneKey: v.string(),
  viewerKey: v.string(),
  /** The honest pair: everything about it that is no secret. */
  phoneId: v.string(),
  consoleId: v.string(),
  streamId: v.string(),
  sessionId: v.string(),
  /** How long an attack that has no end of its own goes on, in milliseconds. */
  durationMs: v.number(),
});

export type Target = v.InferOutput<typeof targetSchema>;

/** What no outcome may say: that an attack got through, or that it never came to be one. */
export const GOT_THROUGH = /LET IN|OBEYED|GRANTED|STAYED OUT|UNANSWERED|broke down/u;

/** Attacks somebody, and says in a few words what came of it. */
export type Attack = (target: Target) => Promise<string>;

/** Counts what happened, to be told in one line. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** Counts one. */
  add(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** How often something happened. */
  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Such as `200 × 4011, 3 × 429`. */
  toString(): string {
    const parts = [...this.counts].map(([what, times]) => `${times} × ${what}`);
    return parts.length === 0 ? 'nothing' : parts.join(', ');
  }
}

/** Time that passes on purpose. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
