import { describe, expect, it } from 'vitest';
import { goodSample } from '../testing/health-setup';
import { HistoryThinner } from './history-thinner';

describe('HistoryThinner', () => {
  it('makes one sample of ten seconds: means, sums, and the worst', () => {
    const thinner = new HistoryThinner();
    const kept = [];
    for (let second = 0; second <= 20; second += 1) {
      const sample = goodSample({
        framesPerSecond: second % 2 === 0 ? 20 : 30,
        receivedBytes: 1_000,
        isPictureMoving: second !== 3,
      });
      const health = second === 4 ? 'poor' : 'good';
      const finished = thinner.add('A', second * 1_000, { sample, latencyMs: undefined, health });
      if (finished !== undefined) kept.push(finished);
    }
    expect(kept).toHaveLength(2);
    expect(kept[0]).toMatchObject({
      streamId: 'A',
      at: 0,
      framesPerSecond: 25,
      receivedBytes: 10_000,
      liveSeconds: 9,
      height: 720,
      health: 'poor',
    });
    expect(kept[1]).toMatchObject({ at: 10_000, health: 'good' });
    expect(kept[0]).not.toHaveProperty('latencyMs');
  });

  it('keeps streams apart, and what there is of one that leaves', () => {
    const thinner = new HistoryThinner();
    const second = { sample: goodSample(), latencyMs: 80, health: 'good' } as const;
    thinner.add('A', 0, second);
    thinner.add('B', 0, { ...second, latencyMs: 40 });
    expect(thinner.end('A')).toMatchObject({ streamId: 'A', latencyMs: 80, liveSeconds: 1 });
    expect(thinner.end('A')).toBeUndefined();
    expect(thinner.end('B')?.latencyMs).toBe(40);
  });

  it('begins anew where the clock went back', () => {
    const thinner = new HistoryThinner();
    const second = { sample: goodSample(), latencyMs: undefined, health: 'good' } as const;
    thinner.add('A', 1_000_000, second);
    expect(thinner.add('A', 5_000, second)?.at).toBe(1_000_000);
    expect(thinner.end('A')?.at).toBe(5_000);
  });

  it('knows nothing of figures that nobody knew', () => {
    const thinner = new HistoryThinner();
    thinner.add('A', 0, { sample: undefined, latencyMs: undefined, health: 'lost' });
    expect(thinner.end('A')).toEqual({
      streamId: 'A',
      at: 0,
      liveSeconds: 0,
      receivedBytes: 0,
      health: 'lost',
    });
  });
});
