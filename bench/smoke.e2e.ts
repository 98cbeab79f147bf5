/** Every benchmark once, tiny: that it still works. What it measures so is worth nothing. */
import { describe, expect, it } from 'vitest';
import { useStage } from '../e2e/harness/use-stage';
import { benchmarks } from './benchmarks';
import { terminalText } from './core/table';

describe.each(benchmarks)('the benchmark $name', (benchmark) => {
  const stage = useStage();

  it('still measures all of its figures', async () => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const result = await benchmark.run({ stage, pairs: 1, isSmoke: true, say });

    const figures = [...result.comparisons, ...result.readings];
    expect(figures.length).toBeGreaterThan(0);
    for (const { name, pairs } of result.comparisons) {
      expect(pairs.length, name).toBeGreaterThan(0);
      for (const pair of pairs) {
        expect(Number.isFinite(pair.sightline), name).toBe(true);
        expect(Number.isFinite(pair.bare), name).toBe(true);
      }
    }
    for (const { name, values } of result.readings) {
      expect(values.length, name).toBeGreaterThan(0);
      expect(values.every(Number.isFinite), name).toBe(true);
    }
    expect(terminalText(result)).toContain(figures[0]?.name);
  });
});
