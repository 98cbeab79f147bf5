import { expect, it, vi } from 'vitest';
import { secretSchema } from '../../signal/protocol/fields';
import * as v from 'valibot';
import { freshStorages } from '../testing/broadcast-setup';
import { AccessMemory } from './access-memory';

const KEY = 'key-of-the-first-link-';

it('keeps the key of the link that was opened last', () => {
  const { device } = freshStorages();
  new AccessMemory(device).key = KEY;
  expect(new AccessMemory(device).key).toBe(KEY);
  new AccessMemory(device).key = 'key-of-the-second-link';
  expect(new AccessMemory(device).key).toBe('key-of-the-second-link');
});

it('hears of a key that another tab was given', () => {
  const { device } = freshStorages();
  const here = new AccessMemory(device);
  here.key = KEY;
  new AccessMemory(device).key = 'key-of-the-second-link';
  expect(here.key).toBe('key-of-the-second-link');
});

it('takes nothing for a key that the server would not even read', () => {
  const { device } = freshStorages();
  for (const text of ['', 'short', 'with spaces in the middle', '"quoted-quoted-quoted"']) {
    device.setItem('sightline-key', text);
    expect(new AccessMemory(device).key).toBeUndefined();
  }
});

it('makes a secret for the device once, of 128 bits that fit the protocol', () => {
  const { device } = freshStorages();
  const made = new AccessMemory(device).deviceKey;
  expect(v.safeParse(secretSchema, made).success).toBe(true);
  expect(made).toHaveLength(22);
  expect(new AccessMemory(device).deviceKey).toBe(made);
  expect(new AccessMemory(freshStorages().device).deviceKey).not.toBe(made);
});

it('lasts as long as the page where storage is full', () => {
  const { device } = freshStorages();
  vi.spyOn(device, 'setItem').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError');
  });
  const memory = new AccessMemory(device);
  memory.key = KEY;
  expect(memory.key).toBe(KEY);
  expect(memory.deviceKey).toBe(memory.deviceKey);
});
