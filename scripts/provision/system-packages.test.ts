import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findProgram, requireProgram } from './system-packages';

beforeEach(() => {
  // Only Node's own folder, so that nothing of this machine is found and nothing is installed.
  vi.stubEnv('PATH', path.dirname(process.execPath));
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('finds a program in the PATH', () => {
  expect(findProgram(path.basename(process.execPath))).toBe(process.execPath);
  expect(findProgram('no-such-program')).toBeUndefined();
});

it('says what to install when a program cannot be had', async () => {
  await expect(requireProgram('no-such-program', 'its-package')).rejects.toThrow(
    /no-such-program is missing .*sudo apt-get install its-package/u,
  );
});
