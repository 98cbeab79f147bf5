import { createNanoEvents } from 'nanoevents';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Quality, Viewport } from '../../../signal/protocol/control';
import type { StreamInfo } from '../../../signal/protocol/messages';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { Findings } from '../statistics/stream-monitor';
import { movingSample, streamIdOf, streamInfo } from '../testing/fake-streams';
import { AUTOMATIC, useControlStore, type ControlStore } from './control-store';
import { PhoneControls, type ControlSource } from './phone-controls';

const STREAM = streamIdOf(1);
const LARGE: Viewport = { width: 1280, height: 720, isVisible: true };
const HIDDEN: Viewport = { ...LARGE, isVisible: false };
const PINNED: Quality = { ...AUTOMATIC, isPinned: true };

interface FakeSource extends ControlSource {
  readonly setViewport: ReturnType<typeof vi.fn<ControlSource['setViewport']>>;
  readonly setQuality: ReturnType<typeof vi.fn<ControlSource['setQuality']>>;
  emit(event: string, ...args: unknown[]): void;
  listenerCount(): number;
}

function fakeSource(): FakeSource {
  const events = createNanoEvents<Record<string, (...args: unknown[]) => void>>();
  return {
    streams: [],
    setViewport: vi.fn<ControlSource['setViewport']>(),
    setQuality: vi.fn<ControlSource['setQuality']>(),
    command: vi.fn<ControlSource['command']>(),
    on: (event: string, listener: () => void) => events.on(event, listener),
    emit: (event, ...args) => events.emit(event, ...args),
    listenerCount: () => Object.values(events.events).flat().length,
  };
}

let registry: ReturnType<
  typeof createNanoEvents<{
    sampled: (info: StreamInfo, sample: StreamSample) => void;
    left: (streamId: string) => void;
  }>
>;
let setPictureWanted: ReturnType<typeof vi.fn<(streamId: string, isWanted: boolean) => void>>;
let notes: Findings[];
let store: ControlStore;
let source: FakeSource;
let controls: PhoneControls;

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  registry = createNanoEvents();
  setPictureWanted = vi.fn();
  notes = [];
  store = useControlStore();
  source = fakeSource();
  controls = new PhoneControls({
    registry: {
      on: ((event: 'left', listener: () => void) => registry.on(event, listener)) as never,
      setPictureWanted,
    },
    store,
    note: (_streamId, findings) => notes.push(findings),
  });
  controls.attach(source);
});

afterEach(() => {
  controls.close();
  controls.close();
  expect(source.listenerCount()).toBe(0);
  expect(Object.values(registry.events).flat()).toHaveLength(0);
  vi.useRealTimers();
});

const still = (): StreamSample => movingSample({ isPictureMoving: false });
const sample = (one: StreamSample): Findings | undefined => {
  registry.emit('sampled', streamInfo(1), one);
  return notes.at(-1);
};

describe('PhoneControls', () => {
  it('tells a stream that comes back what its tile shows and what was wished for', () => {
    controls.setViewport(STREAM, LARGE);
    controls.setQuality(STREAM, PINNED);
    source.emit('streamAdded', { info: streamInfo(1) });
    expect(source.setViewport).toHaveBeenCalledTimes(2);
    expect(source.setQuality).toHaveBeenLastCalledWith(STREAM, PINNED);
  });

  it('remembers the quality of a stream that left the wall', () => {
    controls.setQuality(STREAM, PINNED);
    registry.emit('left', STREAM);
    expect(store.of(STREAM).quality).toBe(AUTOMATIC);
    source.emit('streamAdded', { info: streamInfo(1) });
    controls.setViewport(STREAM, LARGE);
    expect(source.setQuality).toHaveBeenCalledTimes(2);
    expect(store.of(STREAM).quality).toBe(PINNED);
  });

  it('wants no picture of a hidden tile, but of a pinned one', () => {
    controls.setViewport(STREAM, LARGE);
    controls.setViewport(STREAM, HIDDEN);
    expect(setPictureWanted).toHaveBeenLastCalledWith(STREAM, false);
    expect(sample(still())?.isPictureWanted).toBe(false);
    controls.setQuality(STREAM, PINNED);
    expect(setPictureWanted).toHaveBeenLastCalledWith(STREAM, true);
  });

  it('gives a picture that is wanted again the time to come', () => {
    controls.setViewport(STREAM, HIDDEN);
    controls.setViewport(STREAM, LARGE);
    expect(sample(still())?.isPictureWanted).toBe(false);
    expect(sample(movingSample())?.isPictureWanted).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(sample(still())?.isPictureWanted).toBe(true);
  });

  it('keeps what phones tell, and forgets it when they are gone', () => {
    const camera = { isControlAllowed: true, cameras: [] };
    source.emit('controlStateChanged', STREAM, 'ready');
    source.emit('cameraChanged', STREAM, camera);
    expect(store.of(STREAM)).toMatchObject({ state: 'ready', camera });
    source.emit('controlStateChanged', STREAM, 'absent');
    expect(store.of(STREAM)).toMatchObject({ state: 'absent', camera: undefined });
  });

  it('catches up with a source that was opened ahead', () => {
    const camera = { isControlAllowed: true, cameras: [] };
    controls.attach({
      ...fakeSource(),
      streams: [
        {
          info: streamInfo(1),
          subscriber: {
            control: { state: 'ready', camera, applied: undefined },
          },
        },
        { info: streamInfo(2), subscriber: undefined },
      ],
    });
    expect(store.of(STREAM)).toMatchObject({ state: 'ready', camera });
    expect(store.of(streamIdOf(2)).state).toBe('absent');
  });

  it('speaks to one server at a time, and to nobody without any', async () => {
    const other = fakeSource();
    controls.attach(other);
    expect(source.listenerCount()).toBe(0);
    controls.setViewport(STREAM, LARGE);
    expect(source.setViewport).not.toHaveBeenCalled();
    expect(other.setViewport).toHaveBeenCalledOnce();
    controls.close();
    expect(await controls.command(STREAM, { kind: 'locate' })).toEqual({
      ok: false,
      error: { reason: 'not-connected' },
    });
  });
});
