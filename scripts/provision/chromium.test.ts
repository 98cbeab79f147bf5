import { afterEach, expect, it, vi } from 'vitest';
import { CHROMIUM_VARIABLE, findChromium } from './chromium';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('takes the Chromium named by the environment before any other', () => {
  vi.stubEnv(CHROMIUM_VARIABLE, process.execPath);
  expect(findChromium()).toBe(process.execPath);
});

it('says so when the environment names one that is not there', () => {
  vi.stubEnv(CHROMIUM_VARIABLE, '/nowhere/chromium');
  expect(() => findChromium()).toThrow(`${CHROMIUM_VARIABLE} names /nowhere/chromium`);
});
