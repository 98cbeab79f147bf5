import { expect, it } from 'vitest';
import { interleave } from './interleave';
import { takingTurns, type Turn } from './taking-turns';

it('runs one side at a time, and starts it once for two measurements in a row', async () => {
  const events: string[] = [];
  const turn = (name: string): Turn<string> => {
    const note = (what: string) => (): Promise<void> => {
      events.push(`${what} ${name}`);
      return Promise.resolve();
    };
    return {
      start: note('start'),
      stop: note('stop'),
      measure: async () => {
        await note('measure')();
        return name;
      },
    };
  };
  const context = { pairs: 3, isSmoke: false, say: () => undefined };
  const sides = takingTurns({ sightline: turn('sightline'), bare: turn('bare') });
  const rounds = await interleave(context, sides, { name: 'turns', warmUps: 0 });

  expect(rounds).toEqual(
    Array.from({ length: 3 }, () => ({ sightline: 'sightline', bare: 'bare' })),
  );
  expect(events).toEqual([
    ...['start sightline', 'measure sightline', 'stop sightline'],
    ...['start bare', 'measure bare', 'measure bare', 'stop bare'],
    ...['start sightline', 'measure sightline', 'measure sightline', 'stop sightline'],
    ...['start bare', 'measure bare'],
  ]);
});
