/**
 * What `/trust.json` tells the page where phones begin. It comes by plain HTTP, so it is good for
 * finding the way and for showing what a phone ought to show too, and proves nothing.
 */
import * as v from 'valibot';

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** Facts of a server and its root. */
export const trustFactsSchema = v.object({
  serverName: v.string(),
  /** What a phone calls the root in its lists. */
  rootName: v.string(),
  /** SHA-256, upper-case hex with colons. */
  rootFingerprint: v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u)),
  /** Port of the secure pages and of signaling, at the same host. */
  securePort: port,
  /** Port of the plain HTTP way in. */
  httpPort: port,
});

export type TrustFacts = v.InferOutput<typeof trustFactsSchema>;
