import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateLatency, steadyLatency, type LatencyEstimate } from './latency-estimate';

/** Measured in Chromium 156 over a path of 40 ms each way; the picture's own time said 61.5 ms. */
const frame = { displayedAt: 10_065.2, capturedAt: 10_000, receivedAt: 10_047.1 };
const stages = { roundTripTimeMs: 83, processingMs: 7.9, encodeMs: 2, sendDelayMs: 0 };

describe('the age of a picture', () => {
  it('is the browser’s own, where it knows when a frame was captured', () => {
    const estimate = estimateLatency(frame, stages)!;
    expect(estimate.method).toBe('capture-time');
    expect(estimate.latencyMs).toBeCloseTo(65.2);
    expect(Math.abs(estimate.latencyMs - 61.5)).toBeLessThan(estimate.errorMs);
  });

  it('is the sum of its stages where the browser does not', () => {
    const { displayedAt, receivedAt } = frame;
    const estimate = estimateLatency({ displayedAt, receivedAt }, stages)!;
    expect(estimate.method).toBe('stages');
    expect(estimate.latencyMs).toBeCloseTo(2 + 41.5 + 18.1);
    expect(Math.abs(estimate.latencyMs - 61.5)).toBeLessThan(estimate.errorMs);
  });

  it('is less certain, the less was measured', () => {
    const { displayedAt, receivedAt } = frame;
    const errors = [
      estimateLatency({ displayedAt, receivedAt }, stages)!,
      estimateLatency({ displayedAt, receivedAt }, { ...stages, encodeMs: undefined })!,
      estimateLatency(undefined, { ...stages, encodeMs: undefined })!,
    ].map(({ errorMs }) => errorMs);
    expect(errors[0]).toBeLessThan(errors[1]!);
    expect(errors[1]).toBeLessThan(errors[2]!);
  });

  it('is unknown where the way or the time here is', () => {
    expect(estimateLatency({ displayedAt: 1, receivedAt: 0 }, {})).toBeUndefined();
    expect(estimateLatency(undefined, { roundTripTimeMs: 5 })).toBeUndefined();
  });

  it('does not follow a clock that jumped', () => {
    for (const capturedAt of [frame.displayedAt - 7_200_000, frame.displayedAt - 900, 20_000]) {
      const estimate = estimateLatency({ ...frame, capturedAt }, stages)!;
      expect(estimate.method).toBe('stages');
      expect(estimate.latencyMs).toBeLessThan(100);
    }
  });

  it('is never negative and never without an error', () => {
    const time = fc.double({ min: 0, max: 1e9, noNaN: true });
    const figure = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
    const times = fc.record(
      { displayedAt: time, capturedAt: time, receivedAt: time },
      { requiredKeys: ['displayedAt'] },
    );
    const figures = fc.record({ roundTripTimeMs: figure, processingMs: figure, encodeMs: figure });
    fc.assert(
      fc.property(times, figures, (anyFrame, anyStages) => {
        const estimate = estimateLatency(anyFrame, anyStages);
        if (estimate === undefined) return;
        expect(estimate.latencyMs).toBeGreaterThanOrEqual(0);
        expect(estimate.latencyMs).toBeLessThan(60_000);
        expect(estimate.errorMs).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the figure that is shown', () => {
  const of = (latencyMs: number, method: LatencyEstimate['method'] = 'stages') => ({
    latencyMs,
    errorMs: 5,
    method,
  });

  it('is the middle of the newest', () => {
    expect(steadyLatency([of(40), of(300), of(42)])?.latencyMs).toBe(42);
    expect(steadyLatency([])).toBeUndefined();
  });

  it('mixes no two ways', () => {
    expect(steadyLatency([of(90), of(91), of(50, 'capture-time')])?.latencyMs).toBe(50);
  });
});
