import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LobbyPictures } from './lobby-pictures';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('sends a still every three seconds until it is closed, twice as well as once', () => {
  const signaling = { send: vi.fn(() => true) };
  const pictures = new LobbyPictures({ signaling, takeStill: () => '/9j/AA==' });
  expect(signaling.send).toHaveBeenCalledExactlyOnceWith({
    type: 'lobby-picture',
    picture: '/9j/AA==',
  });
  vi.advanceTimersByTime(9_000);
  expect(signaling.send).toHaveBeenCalledTimes(4);
  pictures.close();
  pictures.close();
  vi.advanceTimersByTime(9_000);
  expect(signaling.send).toHaveBeenCalledTimes(4);
  expect(vi.getTimerCount()).toBe(0);
});

it('looks again soon while the preview has no frame', () => {
  const signaling = { send: vi.fn(() => true) };
  const preview: { still?: string } = {};
  const pictures = new LobbyPictures({ signaling, takeStill: () => preview.still });
  vi.advanceTimersByTime(900);
  expect(signaling.send).not.toHaveBeenCalled();
  preview.still = '/9j/AA==';
  vi.advanceTimersByTime(300);
  expect(signaling.send).toHaveBeenCalledOnce();
  pictures.close();
});
