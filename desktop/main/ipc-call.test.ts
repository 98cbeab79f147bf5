import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answerCall } from './ipc-call';
import { CONSOLE_URL } from './security';
import { silentLog } from './testing/stub-server';

const trusted = { url: CONSOLE_URL, isTopFrame: true };
const warn = vi.fn();
const error = vi.fn();
const log = { ...silentLog, warn, error };

beforeEach(() => vi.clearAllMocks());

describe('answerCall', () => {
  it('hands the checked argument to the handler', async () => {
    const handler = vi.fn(() => ({ ok: true as const }));
    const call = { sender: trusted, args: ['  desk:8443 '] };
    expect(await answerCall('server:use-remote', call, handler, log)).toEqual({
      ok: true,
      value: { ok: true },
    });
    expect(handler).toHaveBeenCalledWith('desk:8443');
  });

  it.each([
    [[]],
    [[5]],
    [['']],
    [[' ']],
    [['x'.repeat(451)]],
    [[{}]],
    [[null]],
    [['desk', 'more']],
  ])('refuses the arguments %j', async (args) => {
    const handler = vi.fn(() => ({ ok: true as const }));
    const answer = await answerCall('server:use-remote', { sender: trusted, args }, handler, log);
    expect(answer).toEqual({ ok: false, code: 'bad-argument' });
    expect(handler).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledOnce();
  });

  it('refuses an argument where none belongs', async () => {
    const handler = vi.fn(() => null);
    const call = { sender: trusted, args: ['surprise'] };
    expect(await answerCall('server:get-remote-address', call, handler, log)).toMatchObject({
      code: 'bad-argument',
    });
  });

  it.each([
    undefined,
    { url: CONSOLE_URL, isTopFrame: false },
    { url: 'https://example.org/', isTopFrame: true },
  ])('refuses the sender %j', async (sender) => {
    const handler = vi.fn(() => null);
    const answer = await answerCall(
      'server:get-remote-address',
      { sender, args: [] },
      handler,
      log,
    );
    expect(answer).toEqual({ ok: false, code: 'untrusted-sender' });
    expect(handler).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledOnce();
  });

  it('keeps the reason of a failure in the log and away from the page', async () => {
    const handler = vi.fn(() => Promise.reject(new Error('disk on fire')));
    const call = { sender: trusted, args: [] };
    expect(await answerCall('server:get-state', call, handler, log)).toEqual({
      ok: false,
      code: 'failed',
    });
    expect(error).toHaveBeenCalledWith(expect.stringContaining('disk on fire'));
  });
});
