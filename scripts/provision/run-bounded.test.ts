import { describe, expect, it } from 'vitest';
import { runBounded } from './run-bounded';

const node = (script: string, timeoutMs = 20_000) =>
  runBounded(process.execPath, ['-e', script], { timeoutMs });

describe('runBounded', () => {
  it('collects what a program prints', async () => {
    const script = "process.stdout.write('out'); process.stderr.write('err')";
    expect(await node(script)).toEqual({ ok: true, stdout: 'out', stderr: 'err' });
  });

  it('counts an exit code as a failure', async () => {
    expect(await node('process.exit(3)')).toMatchObject({ ok: false });
  });

  it('ends a program that hangs', async () => {
    expect(await node('setInterval(() => {}, 1000)', 300)).toMatchObject({ ok: false });
  });

  it('counts a program that is not there as a failure', async () => {
    const run = await runBounded('sightline-no-such-program', [], { timeoutMs: 1_000 });
    expect(run).toMatchObject({ ok: false, stderr: expect.stringContaining('ENOENT') as string });
  });
});
