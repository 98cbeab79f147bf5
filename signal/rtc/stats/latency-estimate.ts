/**
 * How old a picture is when it shows, from the phone's camera track to the viewer's screen: pure
 * functions.
 *
 * Two ways. `capture-time`: the browser knows when a frame was captured, in the viewer's own clock,
 * from the sender's RTCP reports (Chromium, some seconds after the start). `stages`: encoding and
 * pacing as the phone measures them, half a round trip, and from the frame's first packet to the
 * screen. Measured against a picture that carries its own time, at 22, 62, 122 and 291 ms, the
 * median of either was within 4 ms. The header extension abs-capture-time, offered on top, made
 * neither earlier nor better, and is not offered.
 *
 * A clock offset would add nothing: it takes half of a round trip for the way, as is done here, and
 * no browser tells a page when a frame was captured in the phone's clock. What neither way sees: the
 * camera's own exposure and readout, and the screen's scanout.
 */

/** When one frame was where, by `performance.now()` of the viewer, in milliseconds. */
export interface FrameTimes {
  readonly displayedAt: number;
  readonly capturedAt?: number;
  /** When its first packet arrived. */
  readonly receivedAt?: number;
}

/** What is known of the stages, in milliseconds; absent is unknown. */
export interface StageFigures {
  readonly roundTripTimeMs?: number | undefined;
  /** The viewer's: from the first packet of a frame to its decoded picture. */
  readonly processingMs?: number | undefined;
  /** The phone's. */
  readonly encodeMs?: number | undefined;
  readonly sendDelayMs?: number | undefined;
}

/** An estimate, and how far it may be off. */
export interface LatencyEstimate {
  readonly latencyMs: number;
  readonly errorMs: number;
  readonly method: 'capture-time' | 'stages';
}

/** What a phone takes to encode a frame where it does not say: between 2 ms and a frame's time. */
const USUAL_ENCODE_MS = 10;

/** From a decoded picture to the screen: half a refresh at 60 Hz, rounded up, and as much again. */
const USUAL_RENDER_MS = 16;

/** What is left where everything was measured: the rounding of clocks and a refresh of the screen. */
const BASE_ERROR_MS = 5;

/** How far the two ways may be apart beyond a round trip: further, and a clock has jumped. */
const MAX_DISAGREEMENT_MS = 150;

/** Older than this is no live picture but a clock that is wrong. */
const MAX_LATENCY_MS = 60_000;

/**
 * Estimates by the better way there is.
 * @returns undefined where too little is known.
 */
export function estimateLatency(
  frame: FrameTimes | undefined,
  stages: StageFigures,
): LatencyEstimate | undefined {
  const staged = byStages(frame, stages);
  const captured = byCaptureTime(frame, stages);
  if (captured === undefined) return staged;
  if (staged === undefined) return captured;
  const apart = Math.abs(captured.latencyMs - staged.latencyMs);
  return apart > MAX_DISAGREEMENT_MS + staged.errorMs * 2 ? staged : captured;
}

/**
 * One figure from the newest estimates, oldest first: the median of those made the newest way, for
 * single frames wait shorter or longer.
 */
export function steadyLatency(recent: readonly LatencyEstimate[]): LatencyEstimate | undefined {
  const newest = recent.at(-1);
  if (newest === undefined) return undefined;
  const comparable = recent.filter(({ method }) => method === newest.method);
  const sorted = [...comparable].sort((one, other) => one.latencyMs - other.latencyMs);
  return sorted[Math.floor(sorted.length / 2)];
}

function byCaptureTime(
  frame: FrameTimes | undefined,
  { roundTripTimeMs = 0 }: StageFigures,
): LatencyEstimate | undefined {
  if (frame?.capturedAt === undefined) return undefined;
  const latencyMs = frame.displayedAt - frame.capturedAt;
  if (!(latencyMs > 0 && latencyMs < MAX_LATENCY_MS)) return undefined;
  return { latencyMs, errorMs: BASE_ERROR_MS + asymmetry(roundTripTimeMs), method: 'capture-time' };
}

function byStages(
  frame: FrameTimes | undefined,
  { roundTripTimeMs, processingMs, encodeMs, sendDelayMs = 0 }: StageFigures,
): LatencyEstimate | undefined {
  if (roundTripTimeMs === undefined) return undefined;
  let errorMs = BASE_ERROR_MS + asymmetry(roundTripTimeMs);
  let here = frame?.receivedAt === undefined ? undefined : frame.displayedAt - frame.receivedAt;
  if (here === undefined || here < 0) {
    if (processingMs === undefined) return undefined;
    here = processingMs + USUAL_RENDER_MS;
    errorMs += USUAL_RENDER_MS;
  }
  if (encodeMs === undefined) errorMs += USUAL_ENCODE_MS;
  const latencyMs = (encodeMs ?? USUAL_ENCODE_MS) + sendDelayMs + roundTripTimeMs / 2 + here;
  return latencyMs < MAX_LATENCY_MS ? { latencyMs, errorMs, method: 'stages' } : undefined;
}

/** Nobody can tell from one end how a round trip splits; a quarter of it to either side is usual. */
function asymmetry(roundTripTimeMs: number): number {
  return roundTripTimeMs / 4;
}
