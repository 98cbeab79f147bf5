import { expect, it } from 'vitest';
import { consoleDeviceKey } from './device-key';

function fakePage(stored = new Map<string, string>()): Pick<Window, 'localStorage'> {
  return {
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    } as Storage,
  };
}

it('is made once, kept, and different everywhere', () => {
  const page = fakePage();
  const key = consoleDeviceKey(page);
  expect(key).toMatch(/^[\w-]{22}$/u);
  expect(consoleDeviceKey(page)).toBe(key);
  expect(consoleDeviceKey(fakePage())).not.toBe(key);
});

it('replaces what is broken, and does without storage', () => {
  const stored = new Map([['sightline-console-device-key', 'broken!']]);
  expect(consoleDeviceKey(fakePage(stored))).toMatch(/^[\w-]{22}$/u);
  const denied = Object.defineProperty({} as Pick<Window, 'localStorage'>, 'localStorage', {
    get: () => {
      throw new Error('denied');
    },
  });
  expect(consoleDeviceKey(denied)).toMatch(/^[\w-]{22}$/u);
});
