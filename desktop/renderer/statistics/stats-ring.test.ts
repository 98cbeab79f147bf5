import { describe, expect, it } from 'vitest';
import { ringFigures } from './ring-figures';
import { StatsRing } from './stats-ring';

describe('StatsRing', () => {
  it('gives back what it was given, and no figure that was absent', () => {
    const ring = new StatsRing();
    ring.push(1_000, { framesPerSecond: 30, width: 1280 });
    ring.push(2_000, {});
    ring.push(3_000, { framesPerSecond: 0 });
    expect(ring.times()).toEqual([1_000, 2_000, 3_000]);
    expect(ring.series('framesPerSecond')).toEqual([30, undefined, 0]);
    expect(ring.samples()).toEqual([
      { at: 1_000, framesPerSecond: 30, width: 1280 },
      { at: 2_000 },
      { at: 3_000, framesPerSecond: 0 },
    ]);
  });

  it('keeps the last quarter of an hour', () => {
    const ring = new StatsRing();
    for (let second = 0; second < 2_000; second += 1)
      ring.push(second * 1_000, { jitterMs: second });
    expect(ring.length).toBe(900);
    expect(ring.times()[0]).toBe(1_100_000);
    expect(ring.series('jitterMs').at(0)).toBe(1_100);
    expect(ring.series('jitterMs').at(-1)).toBe(1_999);
    expect(ring.samples()).toHaveLength(900);
  });

  it('has times that rise, whatever the clock does', () => {
    const ring = new StatsRing();
    for (const at of [5_000, 1_000, 1_000, 9_000]) ring.push(at, {});
    const times = ring.times();
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other));
    expect(times.at(-1)).toBe(9_000);
  });
});

describe('the figures of a second', () => {
  it('come from the viewer and from the phone, without what is unknown', () => {
    const sample = {
      takenAt: 1,
      isPictureMoving: true,
      packetsArrive: true,
      pictureStoppedForMs: 0,
      framesPerSecond: 25,
    };
    const latency = { latencyMs: 80, errorMs: 6, method: 'stages' } as const;
    const sending = { framesPerSecond: 30, encodeMs: 4 };
    expect(ringFigures({ sample, sending, latency, soundLevel: undefined })).toEqual({
      framesPerSecond: 25,
      sentFramesPerSecond: 30,
      encodeMs: 4,
      latencyMs: 80,
      latencyErrorMs: 6,
    });
    const nothing = { sample: undefined, sending: undefined, latency: undefined };
    expect(ringFigures({ ...nothing, soundLevel: undefined })).toEqual({});
  });
});
