import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MAX_OPEN_COMMANDS } from '../../protocol/control-limits';
import type { CommandResult } from '../../protocol/control-reports';
import { ok } from '../../protocol/result';
import { idOf } from '../../testing/sample-messages';
import { OpenCommands } from './open-commands';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('answers commands that break in the phone, and takes others after them', async () => {
  let isBroken = true;
  const answers: CommandResult[] = [];
  const commands = new OpenCommands(
    {
      isControlAllowed: true,
      execute: () =>
        isBroken ? Promise.reject(new Error('replaceTrack')) : Promise.resolve(ok(undefined)),
    },
    (answer) => answers.push(answer),
  );
  const send = (count: number): void => {
    const command = { kind: 'locate' } as const;
    commands.take({ type: 'command', requestId: idOf(count), command }, 'operator');
  };
  for (let count = 0; count < MAX_OPEN_COMMANDS; count += 1) send(count);
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(MAX_OPEN_COMMANDS);
  expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['failed']));
  isBroken = false;
  send(100);
  await vi.advanceTimersByTimeAsync(0);
  expect(answers.at(-1)).toEqual({ type: 'command-result', requestId: idOf(100) });
});
