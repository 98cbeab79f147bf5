import { describe, expect, it } from 'vitest';
import type { Benchmark, BenchResult } from './benchmark';
import { withSections } from './results';

const result: BenchResult = {
  comparisons: [
    {
      name: 'first frame',
      unit: 'ms',
      better: 'less',
      aim: 1.2,
      pairs: [{ sightline: 110, bare: 100 }],
    },
  ],
  readings: [{ name: 'width', unit: 'px', values: [1280] }],
  remarks: ['Both ends share two cores.'],
};

function benchmark(name: string): Benchmark {
  return { name, title: `title of ${name}`, run: () => Promise.resolve(result) };
}

describe('results', () => {
  it('replaces only the sections of the run, in the order of the benchmarks', () => {
    const order = ['join', 'wall'];
    const first = [{ benchmark: benchmark('wall'), result }];
    const before = withSections('', order, first, 'an old machine');
    const second = [{ benchmark: benchmark('join'), result }];
    const text = withSections(before, order, second, 'a new machine');

    expect(text).toContain('| first frame, ms | 110 | 100 | 1.10 | ≤ 1.2: met | 1 |');
    expect(text).toContain('- Both ends share two cores.');
    expect(text.indexOf('a new machine')).toBeLessThan(text.indexOf('an old machine'));
    expect(text.match(/^## /gmu)).toHaveLength(2);
  });

  it('drops the section of a benchmark that is no more', () => {
    const measured = [{ benchmark: benchmark('wall'), result }];
    const before = withSections('', ['wall'], measured, 'a machine');
    expect(withSections(before, ['join'], [], 'a machine')).not.toContain('wall');
  });
});
