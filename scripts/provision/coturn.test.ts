import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { provisionCoturn } from './coturn';
import { runBounded } from './run-bounded';
import { findProgram, requireProgram } from './system-packages';

vi.mock('node:fs', () => ({ existsSync: vi.fn() }));
vi.mock('./run-bounded', () => ({ runBounded: vi.fn() }));
vi.mock('./system-packages', () => ({ findProgram: vi.fn(), requireProgram: vi.fn() }));

beforeEach(() => {
  vi.mocked(findProgram).mockReturnValue(undefined);
  vi.mocked(requireProgram).mockResolvedValue('/usr/bin/turnserver');
  vi.mocked(existsSync).mockReturnValue(true);
});

afterEach(() => vi.resetAllMocks());

it('switches the service off that came with the tests', async () => {
  vi.mocked(runBounded).mockResolvedValue({ ok: true, stdout: '', stderr: '' });
  expect(await provisionCoturn()).toBe('/usr/bin/turnserver');
  expect(runBounded).toHaveBeenCalledExactlyOnceWith(
    'systemctl',
    ['disable', '--now', 'coturn.service'],
    expect.anything(),
  );
});

it('says so when a relay open to all may go on running', async () => {
  vi.mocked(runBounded).mockResolvedValue({ ok: false, stdout: '', stderr: 'Access denied\n' });
  await expect(provisionCoturn()).rejects.toThrow(
    /Access denied.*sudo systemctl disable --now coturn/u,
  );
});

it('leaves services alone where systemd starts none, and where coturn was there before', async () => {
  vi.mocked(existsSync).mockReturnValue(false);
  expect(await provisionCoturn()).toBe('/usr/bin/turnserver');
  vi.mocked(existsSync).mockReturnValue(true);
  vi.mocked(findProgram).mockReturnValue('/opt/turnserver');
  expect(await provisionCoturn()).toBe('/opt/turnserver');
  expect(runBounded).not.toHaveBeenCalled();
});
