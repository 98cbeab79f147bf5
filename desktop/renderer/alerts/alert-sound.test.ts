import { describe, expect, it, vi } from 'vitest';
import { AlertSound } from './alert-sound';

function setUp(): {
  sound: AlertSound;
  createContext: ReturnType<typeof vi.fn<() => AudioContext>>;
  tones: () => number;
  close: ReturnType<typeof vi.fn>;
  passTo: (now: number) => void;
  context: { state: AudioContextState };
} {
  let now = 0;
  let tones = 0;
  const close = vi.fn(() => Promise.resolve());
  class FakeNode {
    readonly gain = {
      setValueAtTime: vi.fn(),
      linearRampToValueAtTime: vi.fn(),
      exponentialRampToValueAtTime: vi.fn(),
    };
    connect<T>(next: T): T {
      return next;
    }
    start(): void {
      tones += 1;
    }
    stop = vi.fn();
  }
  vi.stubGlobal('OscillatorNode', FakeNode);
  vi.stubGlobal('GainNode', FakeNode);
  const context = {
    state: 'running' as AudioContextState,
    currentTime: 0,
    destination: {},
    resume: () => Promise.resolve(),
    close,
  };
  const createContext = vi.fn(() => context as unknown as AudioContext);
  const sound = new AlertSound(createContext, () => now);
  return { sound, createContext, tones: () => tones, close, passTo: (to) => (now = to), context };
}

describe('the sound of alerts', () => {
  it('opens no audio device before it is wanted, and then one', () => {
    const { sound, createContext, passTo } = setUp();
    expect(createContext).not.toHaveBeenCalled();
    sound.play();
    passTo(60_000);
    sound.play();
    expect(createContext).toHaveBeenCalledTimes(1);
  });

  it('is two tones, and one sound for many alerts at once', () => {
    const { sound, tones, passTo } = setUp();
    expect(sound.play()).toBe(true);
    for (let now = 100; now < 4_900; now += 100) {
      passTo(now);
      expect(sound.play()).toBe(false);
    }
    expect(tones()).toBe(2);
    passTo(5_100);
    expect(sound.play()).toBe(true);
    expect(tones()).toBe(4);
  });

  it('waits once, and no more, for a page that may not sound yet', () => {
    const { sound, tones, passTo, context } = setUp();
    context.state = 'suspended';
    expect(sound.play()).toBe(true);
    for (const now of [10_000, 20_000, 30_000]) {
      passTo(now);
      expect(sound.play()).toBe(false);
    }
    expect(tones()).toBe(2);
    context.state = 'running';
    passTo(40_000);
    expect(sound.play()).toBe(true);
    context.state = 'suspended';
    passTo(50_000);
    expect(sound.play()).toBe(true);
    expect(tones()).toBe(6);
  });

  it('lets go of the device, and stays silent after', () => {
    const { sound, close, passTo } = setUp();
    sound.play();
    sound.close();
    sound.close();
    expect(close).toHaveBeenCalledTimes(1);
    passTo(60_000);
    expect(sound.play()).toBe(false);
  });
});
