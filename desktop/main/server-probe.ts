/** Asks a server elsewhere whether it is one of ours and serves. */
import * as v from 'valibot';

/** Two ways to one server. */
export interface ServerOrigin {
  /** Such as `ws://192.168.1.5:8443`. */
  signaling: string;
  /** Address of its `/healthz`. */
  health: string;
}

/** Time a server in the building has to answer, in milliseconds. */
const PROBE_TIMEOUT_MS = 4_000;

/** `/healthz` of a Sightline server says more; this is enough to know one. */
const healthSchema = v.object({ status: v.literal('ok'), streams: v.number() });

const healthTextSchema = v.pipe(v.string(), v.parseJson(), healthSchema);

/** Whether a text is what `/healthz` of a Sightline server that serves answers. */
export function isHealthReport(text: string): boolean {
  return v.is(healthTextSchema, text);
}

/** `fetch` in tests, Electron's `net.fetch` in the desktop: the same trust as the console's page. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Whether a Sightline server answers at the address of its `/healthz`, trusted as pages are. */
export async function isSightline(health: string, fetch: Fetch): Promise<boolean> {
  try {
    const response = await fetch(health, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      redirect: 'error',
    });
    return response.ok && isHealthReport(await response.text());
  } catch {
    // Refused, timed out, untrusted certificate or not JSON: in each case no server to join.
    return false;
  }
}
