import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RoomSaver } from './room-saver';

let isDiskWell: boolean;
let saves: number;
let saver: RoomSaver;

beforeEach(() => {
  vi.useFakeTimers();
  isDiskWell = true;
  saves = 0;
  saver = new RoomSaver(() => {
    saves += 1;
    return isDiskWell;
  });
});

afterEach(() => {
  saver.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('what guests cause is gathered: a flood of it costs a save in five seconds', () => {
  for (let count = 0; count < 100; count += 1) {
    saver.saveSoon();
    vi.advanceTimersByTime(100);
  }
  expect(saves).toBe(2);
});

test('what operators command is saved at once, with all that was gathered', () => {
  saver.saveSoon();
  expect(saver.saveNow()).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(saves).toBe(1);
});

test('a failed save is told, and tried again until it is done', () => {
  isDiskWell = false;
  expect(saver.saveNow()).toBe(false);
  saver.saveSoon();
  vi.advanceTimersByTime(14_000);
  expect(saves).toBe(3);
  isDiskWell = true;
  vi.advanceTimersByTime(60_000);
  expect(saves).toBe(4);
});

test('the end saves what was gathered, and tries no more', () => {
  isDiskWell = false;
  saver.saveSoon();
  saver.close();
  saver.close();
  saver.saveSoon();
  vi.advanceTimersByTime(60_000);
  expect(saves).toBe(2);
});
