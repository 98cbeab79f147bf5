/** What the fuzzing tests and their server's process tell each other. */
import * as v from 'valibot';

/** How the server runs. */
export const fuzzSetupSchema = v.object({
  /** Command line of the server. */
  args: v.array(v.string()),
  /** Overrides of the limits that the command line gives. */
  limits: v.record(v.string(), v.number()),
  /** Shorter than the command line allows, so that a run does not wait for it. */
  resumeWindowMs: v.exactOptional(v.number()),
});

/** What the server's process is asked. */
export const fuzzOrderSchema = v.picklist(['memory', 'stop']);

/** What it answers. */
export const fuzzAnswerSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready'), port: v.number(), consoleUrl: v.string() }),
  /** In bytes, after a garbage collection. */
  v.object({ kind: v.literal('memory'), heapUsed: v.number(), rss: v.number() }),
]);

export type FuzzSetup = v.InferOutput<typeof fuzzSetupSchema>;
export type FuzzAnswer = v.InferOutput<typeof fuzzAnswerSchema>;
